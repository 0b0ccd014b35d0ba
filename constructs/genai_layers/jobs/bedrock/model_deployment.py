"""A customized model on demand: deployed, asked, and only then named as the one that is current."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.bedrock.alias import ModelAlias
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.deployment_steps import DeploymentRequest, deployment_steps
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.job_kind import JobKind, own
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import prefix_faults, prefix_of
from genai_layers.jobs.bedrock.smoke_test import SmokeTest
from genai_layers.jobs.bedrock.tagged_models import grant_tagged


def _nova() -> SmokeTest:
    asked = {"role": "user", "content": [{"text": "What is the capital of France? Answer with one word."}]}
    return SmokeTest(body={"messages": [asked], "inferenceConfig": {"maxTokens": 16, "temperature": 0}})


class ModelDeployment(BedrockJob):
    """
    Deploys a customized model on demand, asks it one question, and makes it current.

    The same model leads to the same deployment, whose name is a digest of the model's ARN. A deployment that fails,
    or answers wrongly, leaves the alias where it was. Earlier deployments stay, to go back to; delete them by hand.

    Started with `{}` for the newest model, or with `{"model_arn": ...}` for another one.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine and a new alias.
        newest: Names the model that was made last, as `ModelCustomization.newest` does.
        key: Key for executions and logs; it needs the uses in `REQUIRED_KEY_USES`. The deployment is under the key
            of its model.
        name: Beginning of the names that Bedrock wants, up to 22 small letters, digits and dashes. Default: from
            the path of the construct.
        smoke_test: What the deployed model is asked. Default: one question in the words of Nova, that any answer
            will do for.
        poll: Time between two looks at the deployment. Default: one minute.
        timeout: Longest wait for it. Default: two hours.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept, and deployments always.

    Attributes:
        alias: Names the deployment that is current.

    Raises:
        BedrockJobError: The service would refuse the settings; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        job = ModelDeployment(self, "Deployment", newest=tuning.newest, key=key.key)
        job.alias.grant_read(chat)
        job.grant_invoke(chat, guardrail_arn=guardrail.guardrail_arn)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        newest: ModelAlias,
        key: kms.IKey,
        name: str | None = None,
        smoke_test: SmokeTest | None = None,
        poll: Duration | None = None,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        smoke_test = _nova() if smoke_test is None else smoke_test
        patience = Patience(poll or Duration.minutes(1), timeout or Duration.hours(2))
        faults = [*prefix_faults(name), *smoke_test.faults(), *patience.faults()]
        if faults:
            raise BedrockJobError(faults)
        stack, self._prefix = Stack.of(self), prefix_of(self, name)
        self.alias = ModelAlias(self, "Current", description="ARN of the deployed model that is current")
        request = DeploymentRequest(
            newest=newest, current=self.alias, prefix=self._prefix, smoke_test=smoke_test, patience=patience
        )
        self._run(
            deployment_steps(Construct(self, "Steps"), request),
            description="deploys a customized model on demand and makes it current",
            timeout=patience.execution,
        )
        self._accept(
            "Models and deployments have no id before Bedrock makes them; the wildcards end at the kind, in this "
            "account.",
            JobKind.DEPLOYMENT.arns(stack),
            own(stack, "custom-model"),
        )
        acknowledge(
            self._workflow.role,
            "GENAI-BEDROCK-09",
            reason="The state machine asks a new model one question that stands in the template; no text of a user "
            "reaches it, and nobody is sent to it before.",
        )

    def grant_invoke(self, grantee: iam.IGrantable, guardrail_arn: str | None = None) -> iam.Grant:
        """
        Let *grantee* run what this job has deployed, whichever is current.

        The ids are not known beforehand, so the grant is for deployments that carry the tag of this job, which nobody
        can put on one without `bedrock:TagResource`.

        Args:
            grantee: Who may.
            guardrail_arn: Guardrail, without a version, that every request must name in one of its numbered
                versions. Default: requests need no guardrail.
        """
        return grant_tagged(
            self, grantee, kind=JobKind.DEPLOYMENT.resource, tag=self._prefix, guardrail_arn=guardrail_arn
        )
