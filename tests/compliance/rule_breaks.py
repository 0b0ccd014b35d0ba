"""What breaks which rule: one thing at a time."""

from __future__ import annotations

import compliant_agents
import compliant_attested
import compliant_clusters
import compliant_groups
import compliant_machines
import compliant_places
import compliant_stores
import compliant_training
from compliant_jobs import definition
from studio_breaks import STUDIO_BREAKING
from template_edits import Edit, adding, allowing, dropping, setting, trusting

NOVA = {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0"}
EMBEDDING = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
_FILTERS = "Guardrail.ContentPolicyConfig.FiltersConfig"
_OPTIONS = "Machines.LaunchTemplateData.MetadataOptions"
_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
_FRESH = {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
_ACCOUNT = {"AWS": "111122223333"}
_TUNE = "arn:aws:states:::bedrock:createModelCustomizationJob.sync"

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-AGENTCORE-01", "a dash in the name of a runtime", setting("Runtime.AgentRuntimeName", "runtime-a")),
    ("GENAI-AGENTCORE-01", "a memory that starts with a digit", setting("Memory.Name", "1memory")),
    (
        "GENAI-AGENTCORE-02",
        "VPC mode with no configuration",
        dropping("Runtime.NetworkConfiguration.NetworkModeConfig"),
    ),
    (
        "GENAI-AGENTCORE-02",
        "VPC mode with no subnets",
        setting("Runtime.NetworkConfiguration.NetworkModeConfig.Subnets", []),
    ),
    ("GENAI-API-01", "no throttle", dropping("Stage.DefaultRouteSettings")),
    ("GENAI-API-01", "a rate without a burst", dropping("Stage.DefaultRouteSettings.ThrottlingBurstLimit")),
    ("GENAI-API-01", "a REST stage without method settings", adding("AWS::ApiGateway::Stage", RestApiId="x")),
    (
        "GENAI-API-01",
        "a REST stage that throttles one path only",
        adding(
            "AWS::ApiGateway::Stage",
            MethodSettings=[
                {"HttpMethod": "*", "ResourcePath": "/a", "ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
            ],
        ),
    ),
    ("GENAI-BEDROCK-01", "no key", dropping("Guardrail.KmsKeyArn")),
    ("GENAI-BEDROCK-01", "a key of AWS", setting("Guardrail.KmsKeyArn", "arn:aws:kms:eu-west-1:1:alias/aws/bedrock")),
    ("GENAI-BEDROCK-01", "no value at deploy time", setting("Guardrail.KmsKeyArn", {"Ref": "AWS::NoValue"})),
    ("GENAI-BEDROCK-02", "no filter of prompt attacks", dropping(f"{_FILTERS}.1")),
    ("GENAI-BEDROCK-02", "no content policy", dropping("Guardrail.ContentPolicyConfig")),
    ("GENAI-BEDROCK-02", "a filter that lets input through", setting(f"{_FILTERS}.1.InputStrength", "NONE")),
    ("GENAI-BEDROCK-02", "a filter on output", setting(f"{_FILTERS}.1.OutputStrength", "HIGH")),
    ("GENAI-BEDROCK-03", "no version", dropping("GuardrailVersion")),
    ("GENAI-BEDROCK-03", "a version of another guardrail", setting("GuardrailVersion.GuardrailIdentifier", "abc")),
    ("GENAI-BEDROCK-04", "no encryption", dropping("Documents.ServerSideEncryptionConfiguration")),
    ("GENAI-BEDROCK-05", "data is deleted", setting("Documents.DataDeletionPolicy", "DELETE")),
    ("GENAI-BEDROCK-05", "no policy, so that data is deleted", dropping("Documents.DataDeletionPolicy")),
    (
        "GENAI-BEDROCK-06",
        "the same filter twice",
        setting(f"{_FILTERS}.+", {"Type": "HATE", "InputStrength": "LOW", "OutputStrength": "LOW"}),
    ),
    (
        "GENAI-BEDROCK-07",
        "a threshold above the highest",
        setting("Guardrail.ContextualGroundingPolicyConfig.FiltersConfig.0.Threshold", 1.0),
    ),
    (
        "GENAI-BEDROCK-07",
        "a negative threshold",
        setting("Guardrail.ContextualGroundingPolicyConfig.FiltersConfig.0.Threshold", -0.1),
    ),
    ("GENAI-BEDROCK-08", "vectors without a store", dropping("KnowledgeBase.StorageConfiguration")),
    (
        "GENAI-BEDROCK-08",
        "vectors without an embedding model",
        dropping("KnowledgeBase.KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration"),
    ),
    ("GENAI-BEDROCK-09", "a model without a guardrail", allowing("bedrock:InvokeModel", NOVA)),
    ("GENAI-BEDROCK-09", "all that starts with invoke", allowing("bedrock:Invoke*", [EMBEDDING, NOVA])),
    (
        "GENAI-BEDROCK-09",
        "a guardrail only if the request names one",
        allowing("bedrock:InvokeModel", StringLikeIfExists={"bedrock:GuardrailIdentifier": "arn:*"}),
    ),
    (
        "GENAI-BEDROCK-09",
        "requests without a guardrail",
        allowing("bedrock:InvokeModel", Null={"bedrock:GuardrailIdentifier": "true"}),
    ),
    ("GENAI-COGNITO-01", "an optional second factor", setting("Users.MfaConfiguration", "OPTIONAL")),
    ("GENAI-COGNITO-01", "no second factor", dropping("Users.MfaConfiguration")),
    ("GENAI-COGNITO-01", "a choice at deploy time", setting("Users.MfaConfiguration", {"Fn::If": ["a", "ON", "OFF"]})),
    ("GENAI-COGNITO-02", "open to anyone", setting("Users.AdminCreateUserConfig.AllowAdminCreateUserOnly", False)),
    ("GENAI-COGNITO-02", "open by default", dropping("Users.AdminCreateUserConfig")),
    ("GENAI-COGNITO-03", "people of another directory unasked", dropping("Users.LambdaConfig")),
    ("GENAI-COGNITO-03", "asked only for tokens", dropping("Users.LambdaConfig.InboundFederation")),
    ("GENAI-COGNITO-04", "a secret in the template", setting("Provider.ProviderDetails.client_secret", "s3cret")),
    ("GENAI-COGNITO-04", "a parameter", setting("Provider.ProviderDetails.client_secret", {"Ref": "Secret"})),
    ("GENAI-EC2-01", "a Xen type", setting("Machines.LaunchTemplateData.InstanceType", "p3.8xlarge")),
    ("GENAI-EC2-01", "a type that does not exist", setting("Machines.LaunchTemplateData.InstanceType", "big")),
    ("GENAI-EC2-01", "a Xen instance", adding("AWS::EC2::Instance", InstanceType="g3.4xlarge")),
    ("GENAI-EC2-01", "a Xen node group", adding("AWS::EKS::Nodegroup", InstanceTypes=["m7i.large", "m4.large"])),
    (
        "GENAI-EC2-01",
        "a Xen type among the overrides of a group",
        adding(
            "AWS::AutoScaling::AutoScalingGroup",
            MixedInstancesPolicy={
                "LaunchTemplate": {"Overrides": [{"InstanceType": "g6.xlarge"}, {"InstanceType": "p2.xlarge"}]}
            },
        ),
    ),
    (
        "GENAI-EC2-01",
        "requirements that any type may meet",
        setting("Machines.LaunchTemplateData.InstanceRequirements", {"VCpuCount": {"Min": 8}}),
    ),
    (
        "GENAI-EC2-01",
        "requirements that allow a Xen family",
        setting("Machines.LaunchTemplateData.InstanceRequirements", {"AllowedInstanceTypes": ["g6.*", "p3.*"]}),
    ),
    ("GENAI-EC2-02", "IMDSv1", setting(f"{_OPTIONS}.HttpTokens", "optional")),
    ("GENAI-EC2-02", "IMDSv1 by default", dropping(f"{_OPTIONS}.HttpTokens")),
    ("GENAI-EC2-02", "an instance with IMDSv1", adding("AWS::EC2::Instance", InstanceType="m7i.large")),
    ("GENAI-EC2-03", "two hops", setting(f"{_OPTIONS}.HttpPutResponseHopLimit", 2)),
    ("GENAI-EC2-03", "hops left to the image", dropping(f"{_OPTIONS}.HttpPutResponseHopLimit")),
    ("GENAI-IAM-01", "an account without a factor", trusting(_ACCOUNT, **_FRESH)),
    ("GENAI-IAM-01", "a user without a factor", trusting({"AWS": "arn:aws:iam::111122223333:user/me"}, **_FRESH)),
    (
        "GENAI-IAM-01",
        "a factor only if the key exists",
        trusting(_ACCOUNT, BoolIfExists={"aws:MultiFactorAuthPresent": "true"}, **_FRESH),
    ),
    (
        "GENAI-IAM-01",
        "no factor wanted",
        trusting(_ACCOUNT, Bool={"aws:MultiFactorAuthPresent": "false"}, **_FRESH),
    ),
    (
        "GENAI-IAM-01",
        "either",
        trusting(_ACCOUNT, Bool={"aws:MultiFactorAuthPresent": ["true", "false"]}, **_FRESH),
    ),
    ("GENAI-IAM-02", "a factor of any age", trusting(_ACCOUNT, **_MFA)),
    ("GENAI-IAM-03", "everything on everything", allowing("*")),
    ("GENAI-IAM-03", "all of a service on everything", allowing(["logs:PutLogEvents", "S3:*"], ["*"])),
    (
        "GENAI-IAM-03",
        "everything on all but one",
        adding(
            "AWS::IAM::Policy", PolicyDocument={"Statement": {"Effect": "Allow", "Action": "*", "NotResource": "a"}}
        ),
    ),
    (
        "GENAI-IAM-03",
        "all but one action",
        adding(
            "AWS::IAM::Policy", PolicyDocument={"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}
        ),
    ),
    (
        "GENAI-IAM-03",
        "everything, inline",
        setting("Role.Policies.0.PolicyDocument.Statement.+", {"Effect": "Allow", "Action": "*", "Resource": "*"}),
    ),
    ("GENAI-IAM-04", "a misspelt service", trusting({"Service": "sagemakers.amazonaws.com"})),
    ("GENAI-IAM-04", "a service without its domain", trusting({"Service": ["ec2.amazonaws.com", "lambda"]})),
    ("GENAI-IAM-05", "everyone", trusting("*")),
    ("GENAI-IAM-05", "everyone, written as an AWS principal", trusting({"AWS": ["*"]}, **_MFA, **_FRESH)),
    ("GENAI-IAM-06", "any role is passed", allowing("iam:PassRole")),
    ("GENAI-IAM-06", "any role is rewritten", allowing(["iam:PutRolePolicy"], ["*"], "AWS::IAM::Policy")),
    ("GENAI-IAM-06", "any role is passed, by a wildcard", allowing("iam:Pass*")),
    ("GENAI-IAM-07", "Bedrock, for anybody", trusting({"Service": "bedrock.amazonaws.com"})),
    (
        "GENAI-IAM-07",
        "Bedrock, for any source",
        trusting({"Service": ["bedrock.amazonaws.com"]}, ArnLike={"aws:SourceArn": "*"}),
    ),
    (
        "GENAI-KMS-01",
        "a public key",
        setting(
            "Key.KeyPolicy.Statement.+", {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
        ),
    ),
    ("GENAI-LOGS-01", "logs for ever", dropping("Logs.RetentionInDays")),
    ("GENAI-LOGS-02", "no key", dropping("Logs.KmsKeyId")),
    ("GENAI-S3VECTORS-01", "no encryption", dropping("Vectors.EncryptionConfiguration")),
    ("GENAI-S3VECTORS-01", "a key of S3", setting("Vectors.EncryptionConfiguration", {"SseType": "AES256"})),
    ("GENAI-S3VECTORS-02", "text is filterable", dropping("Index.MetadataConfiguration")),
    (
        "GENAI-S3VECTORS-02",
        "half of it is filterable",
        setting("Index.MetadataConfiguration.NonFilterableMetadataKeys", ["AMAZON_BEDROCK_TEXT"]),
    ),
    ("GENAI-S3VECTORS-03", "capitals and underscores", setting("Vectors.VectorBucketName", "Bad_Name")),
    ("GENAI-S3VECTORS-03", "a good name within a bad one", setting("Index.IndexName", "-passages-")),
    *STUDIO_BREAKING,
    ("GENAI-STATES-01", "a model without a key", setting("Job.DefinitionString", definition(_TUNE, {"JobName": "a"}))),
    (
        "GENAI-STATES-01",
        "answers without a key",
        setting(
            "Job.DefinitionString",
            definition(
                "arn:aws:states:::aws-sdk:bedrock:createModelInvocationJob",
                {"OutputDataConfig": {"S3OutputDataConfig": {"S3Uri": "s3://bucket/answers/"}}},
            ),
        ),
    ),
    *compliant_agents.BREAKING,
    *compliant_clusters.BREAKING,
    *compliant_machines.BREAKING,
    *compliant_places.BREAKING,
    *compliant_groups.BREAKING,
    *compliant_attested.BREAKING,
    *compliant_stores.BREAKING,
    *compliant_training.BREAKING,
]
