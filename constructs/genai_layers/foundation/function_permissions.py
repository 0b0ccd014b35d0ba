"""What every function of ours may do before anything is granted to it."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from genai_layers.foundation.nag import acknowledge

# Lambda developer guide, "Giving Lambda functions access to resources in a VPC": what AWSLambdaVPCAccessExecutionRole
# holds, without its log permissions.
_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


def permit(role: iam.IRole, *, log_group: logs.ILogGroup, key: kms.IKey | None, in_network: bool) -> None:
    """
    Let a function write its log and its traces, read its environment, and stand in its network.

    Args:
        role: Role of the function.
        log_group: Its log group.
        key: Key of its environment variables; None where it has none.
        in_network: Whether it runs in a network. The permissions for that stay until the function is gone, since
            Lambda takes the interfaces away with them.
    """
    log_group.grant_write(role)
    if key is not None:
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="ReadOwnEnvironment",
                actions=["kms:Decrypt"],
                resources=[key.key_arn],
                conditions={"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "aws:lambda:FunctionArn"}},
            )
        )
    if in_network:
        role.add_to_principal_policy(
            iam.PolicyStatement(sid="StandInNetwork", actions=list(_INTERFACES), resources=["*"])
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="NotFromItsCode",
                effect=iam.Effect.DENY,
                actions=list(_INTERFACES),
                resources=["*"],
                # Lambda itself makes the calls without this key; the code of a function always has it.
                conditions={"Null": {"lambda:SourceFunctionArn": "false"}},
            )
        )
    acknowledge(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        reason="Traces know no resource; the interfaces of a function do not exist before it, and a denial keeps its "
        "own code from those actions.",
    )
