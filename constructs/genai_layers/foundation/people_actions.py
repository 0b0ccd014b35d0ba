"""
The actions of each human role, service by service.

They are spelled out, so that a wildcard never grows when AWS adds an action.
"""

from collections.abc import Mapping, Sequence

WATCH: Mapping[str, Sequence[str]] = {
    "autoscaling": (
        "DescribeAutoScalingGroups",
        "DescribeAutoScalingInstances",
        "DescribeInstanceRefreshes",
        "DescribePolicies",
        "DescribeScalingActivities",
    ),
    "bedrock": (
        "GetDataSource",
        "GetGuardrail",
        "GetIngestionJob",
        "GetInferenceProfile",
        "GetKnowledgeBase",
        "ListDataSources",
        "ListFoundationModels",
        "ListGuardrails",
        "ListInferenceProfiles",
        "ListIngestionJobs",
        "ListKnowledgeBases",
    ),
    "budgets": ("ViewBudget",),
    "cloudformation": ("DescribeStackEvents", "DescribeStacks", "ListStacks"),
    "cloudwatch": (
        "DescribeAlarmHistory",
        "DescribeAlarms",
        "GetDashboard",
        "GetMetricData",
        "GetMetricStatistics",
        "ListDashboards",
        "ListMetrics",
    ),
    "dynamodb": ("DescribeTable", "ListTables"),
    "ec2": ("DescribeInstanceStatus", "DescribeInstances", "DescribeSubnets", "DescribeVpcEndpoints"),
    "elasticloadbalancing": (
        "DescribeListeners",
        "DescribeLoadBalancers",
        "DescribeTargetGroups",
        "DescribeTargetHealth",
    ),
    "lambda": ("GetFunctionConcurrency", "GetFunctionConfiguration", "ListFunctions"),
    "logs": (
        "DescribeLogGroups",
        "DescribeLogStreams",
        "FilterLogEvents",
        "GetLogEvents",
        "GetQueryResults",
        "StartQuery",
        "StopQuery",
    ),
    "sagemaker": ("DescribeEndpoint", "DescribeTrainingJob", "ListEndpoints", "ListTrainingJobs"),
    "servicequotas": ("GetServiceQuota", "ListServiceQuotas"),
    "states": (
        "DescribeExecution",
        "DescribeStateMachine",
        "GetExecutionHistory",
        "ListExecutions",
        "ListStateMachines",
    ),
    "xray": ("BatchGetTraces", "GetServiceGraph", "GetTraceSummaries"),
}

OPERATE: Mapping[str, Sequence[str]] = {
    "autoscaling": ("CancelInstanceRefresh", "SetDesiredCapacity", "StartInstanceRefresh"),
    "bedrock": ("StartIngestionJob", "StopIngestionJob", "StopModelCustomizationJob", "StopModelInvocationJob"),
    "sagemaker": ("StopTrainingJob", "StopTransformJob", "UpdateEndpointWeightsAndCapacities"),
    "states": ("RedriveExecution", "StartExecution", "StopExecution"),
}

AUDIT: Mapping[str, Sequence[str]] = {
    "access-analyzer": ("GetAnalyzer", "ListAnalyzers", "ListFindings"),
    "bedrock": (
        "GetGuardrail",
        "GetKnowledgeBase",
        "GetModelInvocationLoggingConfiguration",
        "ListGuardrails",
        "ListKnowledgeBases",
    ),
    "budgets": ("ViewBudget",),
    "cloudformation": ("DescribeStacks", "GetTemplate", "ListStacks"),
    "cloudtrail": ("DescribeTrails", "GetEventSelectors", "GetTrail", "GetTrailStatus", "ListTrails", "LookupEvents"),
    "cloudwatch": ("DescribeAlarms",),
    "cognito-idp": ("DescribeUserPool", "GetUserPoolMfaConfig", "ListUserPools"),
    "config": ("DescribeComplianceByConfigRule", "DescribeConfigRules", "GetComplianceDetailsByConfigRule"),
    "ec2": ("DescribeFlowLogs", "DescribeSecurityGroups", "DescribeVpcEndpoints", "DescribeVpcs"),
    "guardduty": ("GetFindings", "ListDetectors", "ListFindings"),
    "iam": (
        "GenerateCredentialReport",
        "GetAccountSummary",
        "GetCredentialReport",
        "GetPolicy",
        "GetPolicyVersion",
        "GetRole",
        "GetRolePolicy",
        "ListAttachedRolePolicies",
        "ListMFADevices",
        "ListPolicies",
        "ListRolePolicies",
        "ListRoles",
        "ListUsers",
    ),
    "kms": ("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListGrants", "ListKeys"),
    "lambda": ("GetFunctionConfiguration", "GetPolicy", "ListFunctions"),
    "logs": ("DescribeLogGroups", "DescribeMetricFilters"),
    "s3": (
        "GetBucketLogging",
        "GetBucketPolicy",
        "GetBucketPublicAccessBlock",
        "GetBucketVersioning",
        "GetEncryptionConfiguration",
        "ListAllMyBuckets",
    ),
    "sagemaker": ("DescribeEndpoint", "DescribeEndpointConfig", "DescribeModel", "ListEndpoints", "ListModels"),
    "securityhub": ("GetEnabledStandards", "GetFindings"),
}

CUSTOMIZE: Mapping[str, Sequence[str]] = {
    "bedrock": (
        "CreateEvaluationJob",
        "CreateModelCustomizationJob",
        "StopEvaluationJob",
        "StopModelCustomizationJob",
    ),
    "sagemaker": ("StopTrainingJob",),
}

FOLLOW: Mapping[str, Sequence[str]] = {
    "bedrock": (
        "GetEvaluationJob",
        "GetModelCustomizationJob",
        "ListFoundationModels",
        "ListInferenceProfiles",
        "ListModelCustomizationJobs",
    ),
    "sagemaker": ("DescribeTrainingJob", "ListTrainingJobs"),
}

STUDIO: Mapping[str, Sequence[str]] = {"sagemaker": ("CreatePresignedDomainUrl", "StartSession")}
"""Ways into Studio: its page, and a space from an editor on the person's own machine."""


def named(services: Mapping[str, Sequence[str]]) -> list[str]:
    """
    Return full action names, such as `logs:StartQuery`.

    Args:
        services: Action names by service prefix.
    """
    return [f"{service}:{action}" for service, actions in services.items() for action in actions]
