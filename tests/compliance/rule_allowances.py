"""What a rule accepts, though it is not what the compliant template does."""

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
from template_edits import Edit, adding, allowing, dropping, setting, trusting

EMBEDDING = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
_OPTIONS = "Machines.LaunchTemplateData.MetadataOptions"
_FRESH = {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
_ACCOUNT = {"AWS": "111122223333"}

ACCEPTED: list[tuple[str, str, Edit]] = [
    (
        "GENAI-API-01",
        "a REST stage that throttles every method",
        adding(
            "AWS::ApiGateway::Stage",
            MethodSettings=[
                {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
            ],
        ),
    ),
    (
        "GENAI-BEDROCK-05",
        "a store of somebody else",
        setting(
            "KnowledgeBase.StorageConfiguration.S3VectorsConfiguration.IndexArn",
            "arn:aws:s3vectors:eu-west-1:1:bucket/b",
        ),
    ),
    (
        "GENAI-BEDROCK-08",
        "a knowledge base of another type",
        setting("KnowledgeBase.KnowledgeBaseConfiguration", {"Type": "KENDRA"}),
    ),
    ("GENAI-BEDROCK-09", "models that embed", allowing("bedrock:InvokeModel", EMBEDDING)),
    (
        "GENAI-BEDROCK-09",
        "whatever names a guardrail",
        allowing("bedrock:InvokeModel", Null={"bedrock:GuardrailIdentifier": "false"}),
    ),
    (
        "GENAI-BEDROCK-09",
        "a denial of requests without one",
        adding(
            "AWS::IAM::ManagedPolicy",
            PolicyDocument={
                "Statement": [
                    {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"},
                    {
                        "Effect": "Deny",
                        "Action": "bedrock:InvokeModel*",
                        "NotResource": EMBEDDING,
                        "Condition": {"Null": {"bedrock:GuardrailIdentifier": "true"}},
                    },
                ]
            },
        ),
    ),
    (
        "GENAI-EC2-01",
        "requirements that list Nitro families",
        setting("Machines.LaunchTemplateData.InstanceRequirements", {"AllowedInstanceTypes": ["g6.*", "g6e.*"]}),
    ),
    ("GENAI-EC2-01", "no type at all", dropping("Machines.LaunchTemplateData.InstanceType")),
    ("GENAI-EC2-02", "no metadata at all", setting(_OPTIONS, {"HttpEndpoint": "disabled"})),
    ("GENAI-EC2-03", "no metadata at all", setting(_OPTIONS, {"HttpEndpoint": "disabled"})),
    (
        "GENAI-EC2-02",
        "an instance from a launch template",
        adding("AWS::EC2::Instance", LaunchTemplate={"LaunchTemplateId": {"Ref": "Machines"}}),
    ),
    ("GENAI-IAM-01", "a role that another role takes on", trusting({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}})),
    ("GENAI-IAM-01", "a role named by its ARN", trusting({"AWS": "arn:aws:iam::111122223333:role/build"})),
    (
        "GENAI-IAM-01",
        "a key written without capitals",
        trusting(_ACCOUNT, Bool={"aws:multifactorauthpresent": ["true"]}, **_FRESH),
    ),
    ("GENAI-IAM-03", "all of a service on one bucket", allowing("s3:*", "arn:aws:s3:::weights/*")),
    ("GENAI-IAM-04", "a regional principal", trusting({"Service": "states.eu-west-1.amazonaws.com"})),
    ("GENAI-IAM-04", "a principal of the China partition", trusting({"Service": "ec2.amazonaws.com.cn"})),
    ("GENAI-IAM-04", "a principal known at deploy time", trusting({"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}})),
    ("GENAI-IAM-05", "nobody", adding("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": []})),
    ("GENAI-IAM-06", "one role is passed", allowing("iam:PassRole", "arn:aws:iam::111122223333:role/one")),
    (
        "GENAI-IAM-07",
        "Bedrock, for one kind of resource of ours",
        trusting(
            {"Service": "bedrock.amazonaws.com"},
            ArnLike={"aws:SourceArn": {"Fn::Sub": "arn:aws:bedrock:*:${AWS::AccountId}:agent/*"}},
        ),
    ),
    (
        "GENAI-KMS-01",
        "everyone of this account",
        setting(
            "Key.KeyPolicy.Statement.+",
            {
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}},
            },
        ),
    ),
    ("GENAI-LOGS-02", "a key that is passed in", setting("Logs.KmsKeyId", {"Fn::ImportValue": "key"})),
    ("GENAI-S3VECTORS-02", "an index that no knowledge base uses", dropping("KnowledgeBase")),
    ("GENAI-S3VECTORS-03", "a name that the deployment makes", setting("Vectors.VectorBucketName", {"Ref": "x"})),
    (
        "GENAI-SAGEMAKER-03",
        "a size written as text",
        setting("ServerlessConfig.ProductionVariants.0.ServerlessConfig.MemorySizeInMB", "4096"),
    ),
    (
        "GENAI-SAGEMAKER-05",
        "a number that the deploy decides",
        setting("EndpointConfig.ProductionVariants.0.InitialInstanceCount", {"Ref": "Count"}),
    ),
    (
        "GENAI-SAGEMAKER-07",
        "a capture that is turned off",
        setting("EndpointConfig.DataCaptureConfig", {"EnableCapture": False}),
    ),
    (
        "GENAI-SAGEMAKER-10",
        "an adapter, which goes with its model",
        adding("AWS::SageMaker::InferenceComponent", Specification={"BaseInferenceComponentName": "m"}),
    ),
    (
        "GENAI-SAGEMAKER-10",
        "a serverless endpoint",
        adding(
            "AWS::SageMaker::Endpoint",
            EndpointConfigName={"Fn::GetAtt": ["ServerlessConfig", "EndpointConfigName"]},
        ),
    ),
    (
        "GENAI-STATES-01",
        "a key that the input names",
        setting(
            "Job.DefinitionString",
            definition("arn:aws:states:::aws-sdk:bedrock:createModelImportJob", {"ImportedModelKmsKeyId.$": "$.key"}),
        ),
    ),
    ("GENAI-STATES-01", "a definition that lies elsewhere", dropping("Job.DefinitionString")),
    *compliant_agents.ACCEPTED,
    *compliant_clusters.ACCEPTED,
    *compliant_machines.ACCEPTED,
    *compliant_places.ACCEPTED,
    *compliant_groups.ACCEPTED,
    *compliant_attested.ACCEPTED,
    *compliant_stores.ACCEPTED,
    *compliant_training.ACCEPTED,
]
