"""Models that a job has made, known by its tag: their ids are not known beforehand."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.bedrock.job_kind import own
from genai_layers.jobs.bedrock.service_role import TAG


def grant_tagged(
    scope: Construct, grantee: iam.IGrantable, *, kind: str, tag: str, guardrail_arn: str | None
) -> iam.Grant:
    """
    Let *grantee* run the models that carry the tag of one job, whichever is current.

    Nobody can put the tag on a model without `bedrock:TagResource`.

    Args:
        scope: The job.
        grantee: Who may.
        kind: Kind in the ARN of a model.
        tag: Value of the tag.
        guardrail_arn: Guardrail, without a version, that every request must name in one of its numbered versions;
            None where requests need none.
    """
    conditions: dict[str, dict[str, str]] = {"StringEquals": {f"aws:ResourceTag/{TAG}": tag}}
    if guardrail_arn is not None:
        conditions["StringLike"] = {"bedrock:GuardrailIdentifier": f"{guardrail_arn}:*"}
    models = own(Stack.of(scope), kind)
    if isinstance(grantee.grant_principal, Construct):
        acknowledge(
            grantee.grant_principal,
            wildcard_resource(grantee.grant_principal, models),
            reason="The next model has no id yet; the grant is for models that carry the tag of one job.",
        )
    return iam.Grant.add_to_principal(
        grantee=grantee,
        actions=["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        resource_arns=[models],
        conditions=conditions,
    )
