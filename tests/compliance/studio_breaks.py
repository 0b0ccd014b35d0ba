"""What breaks the rules on Studio and on monitors of endpoints."""

from __future__ import annotations

from template_edits import Edit, dropping, setting

STUDIO_BREAKING: list[tuple[str, str, Edit]] = [
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
