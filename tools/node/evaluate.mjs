// Evaluates IAM requests: a JSON list of simulations on stdin, a JSON list of results on stdout.
// The evaluator is AGPL-licensed: it stays a development dependency in a process of its own.
import { readFileSync } from "node:fs";

const PACKAGE = "@cloud-copilot/iam-simulate";
const EXIT_PACKAGE_MISSING = 3;

async function evaluator() {
  try {
    return await import(PACKAGE);
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write(`the npm package ${PACKAGE} is not installed beside this script\n`);
    process.exit(EXIT_PACKAGE_MISSING);
  }
}

const { runSimulation } = await evaluator();
const results = [];
for (const simulation of JSON.parse(readFileSync(0, "utf8"))) {
  const answer = await runSimulation(simulation, { simulationMode: "Strict" });
  const details = answer.resultType === "wildcard" ? answer.results : [answer.result];
  results.push({
    outcome: answer.overallResult ?? null,
    errors: answer.errors ?? null,
    ignored: details.flatMap((detail) => detail?.ignoredContextKeys ?? []),
  });
}
process.stdout.write(JSON.stringify(results));
