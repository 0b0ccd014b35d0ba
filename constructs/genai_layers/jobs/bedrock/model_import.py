"""Imported weights: checked, imported, asked a question, and only then current."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.bedrock.alias import ModelAlias
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.folder import Folder
from genai_layers.jobs.bedrock.import_steps import ImportRequest, import_steps
from genai_layers.jobs.bedrock.job_kind import JobKind, own
from genai_layers.jobs.bedrock.network import JobNetwork
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import prefix_faults, prefix_of
from genai_layers.jobs.bedrock.service_role import JobRole
from genai_layers.jobs.bedrock.smoke_test import SmokeTest
from genai_layers.jobs.bedrock.tagged_models import grant_tagged


class ModelImport(BedrockJob):
    """
    Brings weights from a bucket of ours to on-demand use.

    An execution checks the weights against their manifest, imports them, checks them again, asks the new model a
    question, and then makes it current: the alias names it. Whatever fails before that leaves the alias at the
    model that was current. Weights that were imported before are found by their digest, and not imported twice.

    Started with `{"folder": "llama-support-3", "manifest_sha256": "..."}`; or with `{"model_arn": "..."}` to go
    back, or forward, to a model that is there already.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine and a new alias.
        weights: Bucket with the weights, each model in a folder with a `manifest.json`.
        path: Folder of *weights* that holds the folders of the models.
        key: Key for the imported models, executions and logs; it needs the uses in `REQUIRED_KEY_USES`.
        name: Beginning of the names that Bedrock wants, up to 22 small letters, digits and dashes. Default: from
            the path of the construct.
        smoke_test: What the new model is asked. Default: one question that any answer will do for.
        network: Network for the import. Default: Bedrock's own.
        poll: Time between two looks at the job. Default: one minute.
        timeout: Longest run of the job. Default: six hours. An import cannot be stopped.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept. Imported models stay
            in any case, and cost storage until they are deleted.

    Attributes:
        alias: Names the model that is current.
        role: Role that Bedrock reads the weights with.

    Raises:
        BedrockJobError: The service would refuse the settings; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        job = ModelImport(self, "Import", weights=weights.bucket, path="models", key=key.key)
        job.grant_start(operator)
        job.alias.grant_read(chat)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        weights: s3.IBucket,
        path: str,
        key: kms.IKey,
        name: str | None = None,
        smoke_test: SmokeTest | None = None,
        network: JobNetwork | None = None,
        poll: Duration | None = None,
        timeout: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        smoke_test = SmokeTest() if smoke_test is None else smoke_test
        patience = Patience(poll or Duration.minutes(1), timeout or Duration.hours(6))
        folder = Folder(bucket=weights, path=path)
        faults = [*folder.faults("path"), *prefix_faults(name), *smoke_test.faults(), *patience.faults()]
        if faults:
            raise BedrockJobError(faults)

        stack, kind, self._prefix = Stack.of(self), JobKind.IMPORT, prefix_of(self, name)
        self.role = JobRole(self, "Role", kind=kind, description="reads weights for a model import")
        folder.grant_read(self.role)
        self.alias = ModelAlias(self, "Current", description="ARN of the imported model that is current")
        request = ImportRequest(
            weights=folder,
            prefix=self._prefix,
            role=self.role,
            key=key,
            network=None if network is None else network.bind(self, self.role, kind),
            smoke_test=smoke_test,
            alias=self.alias,
            patience=patience,
        )
        self._run(
            import_steps(Construct(self, "Steps"), request),
            description="imports weights into Bedrock and makes the model current",
            timeout=patience.execution,
        )
        folder.grant_decrypt(self._workflow.role)
        self._accept(
            "Jobs and models have no id before Bedrock makes them; the wildcards end at the kind, in this account.",
            kind.arns(stack),
            own(stack, "imported-model"),
        )
        acknowledge(
            self._workflow.role,
            "GENAI-BEDROCK-09",
            reason="The state machine asks a new model one question that stands in the template; no text of a user "
            "reaches it, and nobody is sent to it before.",
        )

    def grant_invoke(self, grantee: iam.IGrantable, guardrail_arn: str | None = None) -> iam.Grant:
        """
        Let *grantee* run the models that this job has imported, whichever is current.

        Their ids are not known beforehand, so the grant is for models that carry the tag of this job, which nobody
        can put on a model without `bedrock:TagResource`.

        Args:
            grantee: Who may.
            guardrail_arn: Guardrail, without a version, that every request must name in one of its numbered
                versions. Default: requests need no guardrail.
        """
        return grant_tagged(self, grantee, kind="imported-model", tag=self._prefix, guardrail_arn=guardrail_arn)
