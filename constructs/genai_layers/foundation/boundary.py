"""The most that anything in the app may ever be allowed."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.people import app_roles
from genai_layers.foundation.people_actions import AUDIT, WATCH, named
from genai_layers.foundation.wildcards import wildcard_resource

BOUNDARY_PATH = "/genai-layers/boundary/"
"""IAM path of boundaries. A policy cannot name its own ARN without a cycle, so it is known by this path."""

SERVICES = (
    "aoss:*",
    # The role that writes the logs of APIs is set by a function; the APIs themselves are no workload's to change.
    "apigateway:GET",
    "apigateway:PATCH",
    "application-autoscaling:*",
    "athena:*",
    "autoscaling:*",
    # A model of another provider is subscribed to by whoever runs it first.
    "aws-marketplace:Subscribe",
    "aws-marketplace:ViewSubscriptions",
    "bedrock-agentcore:*",
    "bedrock:*",
    "cloudwatch:*",
    "cognito-idp:*",
    "dynamodb:*",
    "ec2:*",
    "ec2messages:*",
    "ecr:*",
    "ecs:*",
    "eks-auth:*",
    "eks:*",
    "elasticloadbalancing:*",
    "events:*",
    "execute-api:*",
    "glue:*",
    "kms:*",
    "lambda:*",
    "logs:*",
    "neptune-graph:*",
    "rds-data:*",
    "redshift-data:*",
    "s3:*",
    "s3vectors:*",
    "sagemaker:*",
    "secretsmanager:*",
    "servicequotas:*",
    "sns:*",
    "sqs:*",
    "ssm:*",
    "ssmmessages:*",
    "states:*",
    "xray:*",
)
"""Services of the three layers. A role still has only what its own policies grant."""

_IDENTITIES = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateGroup",
    "iam:CreateLoginProfile",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "iam:CreateUser",
    "iam:DeactivateMFADevice",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
)
_EVIDENCE = (
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "ec2:DeleteFlowLogs",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteRetentionPolicy",
    "logs:DisassociateKmsKey",
    "logs:PutRetentionPolicy",
    "s3:BypassGovernanceRetention",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
)
_ROLES = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
_PASSED_TO = (
    "bedrock-agentcore.amazonaws.com",
    "bedrock.amazonaws.com",
    "ec2.amazonaws.com",
    "lambda.amazonaws.com",
    "sagemaker.amazonaws.com",
    "states.amazonaws.com",
)


class Boundary(iam.ManagedPolicy):
    """
    A permissions boundary for every role that the app makes, people's roles included.

    It allows the services of the three layers, and nothing may get past it: no identity without the same
    boundary, no change to the boundary, no way into another role, no end to the evidence.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new policy.

    Example:
        boundary = Boundary(self, "Boundary")
        iam.PermissionsBoundary.of(stack).apply(boundary)
    """

    def __init__(self, scope: Construct, id: str) -> None:
        stack = Stack.of(scope)
        super().__init__(
            scope,
            id,
            description="the most that any role of the generative AI app may be allowed",
            path=BOUNDARY_PATH,
            statements=[*_allowed(stack), *_denied(stack)],
        )
        acknowledge(
            self,
            *(f"AwsSolutions-IAM5[Action::{action}]" for action in SERVICES if action.endswith("*")),
            "AwsSolutions-IAM5[Resource::*]",
            wildcard_resource(self, app_roles(stack)),
            "IAMPolicyNoStatementsWithFullAccess",
            reason="A permissions boundary grants nothing: it is the ceiling over the exact policies of each role, and "
            "it has to leave room for what any part of the app may be granted.",
        )


def _allowed(stack: Stack) -> list[iam.PolicyStatement]:
    role = app_roles(stack)
    whole = {service.removesuffix(":*") for service in SERVICES}
    look = {action for action in named(WATCH) + named(AUDIT) if action.split(":")[0] not in whole}
    return [
        iam.PolicyStatement(sid="Services", actions=list(SERVICES), resources=["*"]),
        iam.PolicyStatement(sid="Look", actions=sorted(look), resources=["*"]),
        # All that the app does with stacks: a machine of a fleet says that it answers, so that an update goes on.
        iam.PolicyStatement(sid="Signal", actions=["cloudformation:SignalResource"], resources=["*"]),
        iam.PolicyStatement(
            sid="Roles",
            actions=[*_ROLES, "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole"],
            resources=[role],
        ),
        iam.PolicyStatement(
            sid="PassRoles",
            actions=["iam:PassRole"],
            resources=[role],
            conditions={"StringEquals": {"iam:PassedToService": list(_PASSED_TO)}},
        ),
    ]


def _denied(stack: Stack) -> list[iam.PolicyStatement]:
    boundaries = stack.format_arn(
        service="iam", region="", resource="policy", resource_name=f"{BOUNDARY_PATH.strip('/')}/*"
    )
    deny = iam.Effect.DENY
    return [
        iam.PolicyStatement(
            sid="NoRoleWithoutBoundary",
            effect=deny,
            actions=list(_ROLES),
            resources=["*"],
            # A negated operator also holds where the key is absent: no boundary at all is denied too.
            conditions={"ArnNotLike": {"iam:PermissionsBoundary": boundaries}},
        ),
        iam.PolicyStatement(
            sid="BoundaryStays",
            effect=deny,
            actions=[
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:SetDefaultPolicyVersion",
            ],
            resources=[boundaries],
        ),
        iam.PolicyStatement(sid="NoNewIdentities", effect=deny, actions=list(_IDENTITIES), resources=["*"]),
        iam.PolicyStatement(sid="EvidenceStays", effect=deny, actions=list(_EVIDENCE), resources=["*"]),
        iam.PolicyStatement(
            sid="NoDataToOthers",
            effect=deny,
            actions=["s3:PutObject"],
            resources=["*"],
            conditions={"StringNotEquals": {"aws:ResourceAccount": stack.account}},
        ),
    ]
