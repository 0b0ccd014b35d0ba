"""What breaks the rules on SageMaker."""

from __future__ import annotations

from template_edits import Edit, adding, dropping, setting

STUDIO_BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-SAGEMAKER-01", "no key", dropping("EndpointConfig.KmsKeyId")),
    (
        "GENAI-SAGEMAKER-02",
        "serverless on a machine",
        setting("ServerlessConfig.ProductionVariants.0.InstanceType", "ml.g5.2xlarge"),
    ),
    (
        "GENAI-SAGEMAKER-03",
        "a size between two",
        setting("ServerlessConfig.ProductionVariants.0.ServerlessConfig.MemorySizeInMB", 2000),
    ),
    ("GENAI-SAGEMAKER-04", "a container with a network", setting("Model.EnableNetworkIsolation", False)),
    ("GENAI-SAGEMAKER-04", "a container that was not asked about", dropping("Model.EnableNetworkIsolation")),
    ("GENAI-SAGEMAKER-05", "one machine", setting("EndpointConfig.ProductionVariants.0.InitialInstanceCount", 1)),
    ("GENAI-SAGEMAKER-06", "no network of the account", dropping("Model.VpcConfig")),
    ("GENAI-SAGEMAKER-06", "no subnets", setting("Model.VpcConfig", {"Subnets": [], "SecurityGroupIds": ["sg-1"]})),
    ("GENAI-SAGEMAKER-07", "no key", dropping("EndpointConfig.DataCaptureConfig.KmsKeyId")),
    ("GENAI-SAGEMAKER-07", "a key of AWS", setting("EndpointConfig.DataCaptureConfig.KmsKeyId", "alias/aws/s3")),
    ("GENAI-SAGEMAKER-08", "no key", dropping("EndpointConfig.AsyncInferenceConfig.OutputConfig.KmsKeyId")),
    ("GENAI-SAGEMAKER-09", "a configuration with a name", setting("EndpointConfig.EndpointConfigName", "chat")),
    ("GENAI-SAGEMAKER-09", "a model with a name", setting("Model.ModelName", {"Fn::Sub": "${AWS::StackName}-model"})),
    ("GENAI-SAGEMAKER-10", "no alarm", dropping("Endpoint.DeploymentConfig.AutoRollbackConfiguration")),
    (
        "GENAI-SAGEMAKER-10",
        "a model on it without an alarm",
        adding("AWS::SageMaker::InferenceComponent", EndpointName="e", Specification={"ModelName": "m"}),
    ),
    ("GENAI-SAGEMAKER-11", "a shell", setting("EndpointConfig.ProductionVariants.0.EnableSSMAccess", True)),
    (
        "GENAI-SAGEMAKER-11",
        "core dumps",
        setting("EndpointConfig.ProductionVariants.0.CoreDumpConfig", {"DestinationS3Uri": "s3://dumps/a"}),
    ),
    ("GENAI-SAGEMAKER-12", "a way to the internet", setting("Studio.AppNetworkAccessType", "PublicInternetOnly")),
    ("GENAI-SAGEMAKER-12", "a network that was not asked about", dropping("Studio.AppNetworkAccessType")),
    (
        "GENAI-SAGEMAKER-12",
        "Docker",
        setting("Studio.DomainSettings", {"DockerSettings": {"EnableDockerAccess": "ENABLED"}}),
    ),
    (
        "GENAI-SAGEMAKER-12",
        "notebooks shared by address",
        setting("Studio.DefaultUserSettings.SharingSettings", {"NotebookOutputOption": "Allowed"}),
    ),
    ("GENAI-SAGEMAKER-13", "editors that never stop", dropping("Studio.DefaultUserSettings.CodeEditorAppSettings")),
    ("GENAI-SAGEMAKER-13", "shared spaces that never stop", dropping("Studio.DefaultSpaceSettings")),
    ("GENAI-SAGEMAKER-13", "a file system that stays", dropping("Studio.HomeEfsFileSystemCreation")),
    ("GENAI-SAGEMAKER-14", "no key", dropping("Studio.KmsKeyId")),
    ("GENAI-SAGEMAKER-15", "a report without a key", dropping("Drift.DataQualityJobOutputConfig.KmsKeyId")),
    ("GENAI-SAGEMAKER-15", "a volume without a key", dropping("Drift.JobResources.ClusterConfig.VolumeKmsKeyId")),
    ("GENAI-SAGEMAKER-15", "a job with a network", setting("Drift.NetworkConfig.EnableNetworkIsolation", False)),
    ("GENAI-SAGEMAKER-16", "a definition with a name", setting("Drift.JobDefinitionName", "drift")),
]
