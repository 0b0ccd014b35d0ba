"""The AWS services that a private network can be given a door to."""

from enum import Enum

from aws_cdk import aws_ec2 as ec2


class InterfaceEndpoint(Enum):
    """
    An interface endpoint: a private address for one AWS service.

    Each costs about 7.30 USD a month and zone, plus 0.01 USD a GB, so a network has only those
    that are required.
    The value is the service's name in the endpoint service, after the region.
    """

    ATHENA = "athena"
    AUTOSCALING = "autoscaling"
    BEDROCK = "bedrock"
    BEDROCK_AGENT = "bedrock-agent"
    BEDROCK_AGENTCORE = "bedrock-agentcore"
    BEDROCK_AGENTCORE_GATEWAY = "bedrock-agentcore.gateway"
    BEDROCK_AGENT_RUNTIME = "bedrock-agent-runtime"
    BEDROCK_RUNTIME = "bedrock-runtime"
    CLOUDFORMATION = "cloudformation"
    EC2 = "ec2"
    EC2_MESSAGES = "ec2messages"
    ECR_API = "ecr.api"
    ECR_DOCKER = "ecr.dkr"
    ECS = "ecs"
    ECS_AGENT = "ecs-agent"
    ECS_TELEMETRY = "ecs-telemetry"
    EKS = "eks"
    EKS_AUTH = "eks-auth"
    EVENTBRIDGE = "events"
    KMS = "kms"
    LAMBDA = "lambda"
    LOGS = "logs"
    MONITORING = "monitoring"
    S3_VECTORS = "s3vectors"
    SAGEMAKER_API = "sagemaker.api"
    SAGEMAKER_RUNTIME = "sagemaker.runtime"
    SECRETS_MANAGER = "secretsmanager"
    SNS = "sns"
    SQS = "sqs"
    SSM = "ssm"
    SSM_MESSAGES = "ssmmessages"
    STEP_FUNCTIONS = "states"
    STS = "sts"
    XRAY = "xray"

    @property
    def service(self) -> ec2.InterfaceVpcEndpointAwsService:
        """The service as the CDK names it; right in every partition."""
        return ec2.InterfaceVpcEndpointAwsService(self.value)

    @property
    def feature(self) -> str | None:
        """What the catalog calls the service, for those that some regions lack; None for those that all have."""
        return _FEATURES.get(self.value.partition("-")[0].partition(".")[0])

    @property
    def construct_id(self) -> str:
        """Id of the endpoint within its network: `BEDROCK_RUNTIME` becomes `BedrockRuntime`."""
        return "".join(word.capitalize() for word in self.name.split("_"))


_FEATURES = {"bedrock": "bedrock:Guardrail", "s3vectors": "s3vectors:Index", "sagemaker": "sagemaker:Endpoint"}
