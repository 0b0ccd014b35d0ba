"""What the role of a runtime may do before anything is granted to it."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import WorkloadRole, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.agents.agent_image import AgentImage
from genai_layers.platform.agents.service_role import agentcore_arn, service_role

_DIRECTORY = "workload-identity-directory/default"


def log_group_name(runtime_id: str, endpoint: str) -> str:
    """
    Return the name under which the service looks for the log group of an endpoint.

    Args:
        runtime_id: Id of the runtime.
        endpoint: Name of the endpoint.
    """
    return f"/aws/bedrock-agentcore/runtimes/{runtime_id}-{endpoint}"


def runtime_role(scope: Construct, name: str, image: AgentImage) -> WorkloadRole:
    """
    Return the role of a runtime: its image, its own logs, its traces and its own identity.

    All of it is part of the role: the service tries the image before anything else, and a policy that came later
    would be too late.

    It may not make log groups: those of the runtime are there, encrypted and with a retention, and one that the
    container made would be neither.

    Args:
        scope: The construct that it belongs to.
        name: Name of the runtime; its id is the name, a dash and something random.
        image: What the runtime pulls.
    """
    streams = _logs_arn(scope, f"{log_group_name(name, '*')}:log-stream:*")
    groups = _logs_arn(scope, log_group_name(name, "*"))
    identities = agentcore_arn(scope, f"{_DIRECTORY}/workload-identity/{name}-*")
    statements = [
        *image.pull_statements(),
        iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[streams]),
        iam.PolicyStatement(actions=["logs:DescribeLogStreams"], resources=[groups]),
        iam.PolicyStatement(
            actions=[
                "xray:GetSamplingRules",
                "xray:GetSamplingTargets",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ],
            resources=["*"],
        ),
        iam.PolicyStatement(
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={"StringEquals": {"cloudwatch:namespace": "bedrock-agentcore"}},
        ),
        iam.PolicyStatement(
            actions=[
                "bedrock-agentcore:GetWorkloadAccessToken",
                "bedrock-agentcore:GetWorkloadAccessTokenForJWT",
                "bedrock-agentcore:GetWorkloadAccessTokenForUserId",
            ],
            resources=[agentcore_arn(scope, _DIRECTORY), identities],
        ),
    ]
    role = service_role(scope, "runtime", name, "runs an agent", statements)
    acknowledge(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        reason="Traces, metrics and the token for ECR have no resources in IAM; metrics are limited to one namespace.",
    )
    acknowledge(
        role,
        *(wildcard_resource(scope, each) for each in (streams, groups, identities)),
        reason="The id of the runtime ends with something random that is not known before it stands; all of these "
        "begin with the name of this one runtime.",
    )
    return role


def _logs_arn(scope: Construct, name: str) -> str:
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{name}"
