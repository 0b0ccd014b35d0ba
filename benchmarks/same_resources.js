// The measuring stick: the same resources in the CDK's own language, with its default checks.
// It includes the templates that the Python app wrote, so that neither side has more to check.
const fs = require('fs');
const os = require('os');
const path = require('path');
const cdk = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const nag = require('cdk-nag');

const templates = process.argv[2];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'same-resources-'));

// CfnInclude does not know Fn::GetStackOutput; an import is as much work for everything that is measured.
function asImports(value) {
  if (Array.isArray(value)) return value.map(asImports);
  if (value === null || typeof value !== 'object') return value;
  const reference = value['Fn::GetStackOutput'];
  if (reference) return { 'Fn::ImportValue': `${reference.StackName}:${reference.OutputName}` };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asImports(inner)]));
}

const app = new cdk.App({ analyticsReporting: false, outdir: process.argv[3] });
for (const file of fs.readdirSync(templates).filter((name) => name.endsWith('.template.json')).sort()) {
  const stack = new cdk.Stack(app, path.basename(file, '.template.json'), {
    env: { account: '111122223333', region: 'us-east-1' },
    // The included templates bring the bootstrap version along already.
    synthesizer: new cdk.DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  const included = path.join(folder, file);
  fs.writeFileSync(included, JSON.stringify(asImports(JSON.parse(fs.readFileSync(path.join(templates, file), 'utf8')))));
  new CfnInclude(stack, 'Included', { templateFile: included });
}
cdk.Validations.of(app).addPlugins(
  new nag.AwsSolutionsChecks(app),
  new nag.NIST80053R5Checks(app),
  new nag.HIPAASecurityChecks(app),
  new nag.PCIDSS321Checks(app),
);
try {
  app.synth();
} catch (error) {
  // Acknowledgements live in the Python constructs, so this side reports findings: the work is the same.
  if (!/[Vv]alidation/.test(String(error))) throw error;
}
process.exit(0);
