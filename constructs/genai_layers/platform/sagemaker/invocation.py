"""What asking an endpoint takes of IAM."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam

INVOKE = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream")
INVOKE_LATER = ("sagemaker:InvokeEndpointAsync",)


def grant_invoke(grantee: iam.IGrantable, arns: Sequence[str], actions: Sequence[str] = INVOKE) -> iam.Grant:
    """
    Let *grantee* ask.

    A request to an inference component is authorized against the endpoint and against the component; a policy that
    names only the endpoint allows none, and one that names one component allows that one.

    Args:
        grantee: Who may.
        arns: The endpoint, and the components.
        actions: Ways to ask. Default: one answer, or a stream.
    """
    return iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=list(arns))
