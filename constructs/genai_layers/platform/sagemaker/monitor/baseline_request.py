"""The request for the job that makes a baseline."""

import json
from collections.abc import Mapping, Sequence

from genai_layers.platform.sagemaker.monitor.drift import Drift, Kind

_DATA, _CONFIG, _OUTPUT = (
    "/opt/ml/processing/input/data",
    "/opt/ml/processing/input/config",
    "/opt/ml/processing/output",
)
# Column of a data set that holds what was right.
_LABEL = "label"


def baseline_request(
    drift: Drift,
    *,
    image: str,
    role_arn: str,
    key_arn: str,
    instance_type: str,
    baseline_uri: str,
    config_uri: str | None,
    security_group_ids: Sequence[str],
    subnet_ids: Sequence[str],
) -> Mapping[str, object]:
    """
    Return the request, without the job's name and its data set, which is added as the first input.

    Args:
        drift: What is watched for.
        image: Address of the image.
        role_arn: Role of the job.
        key_arn: Key of disks and output.
        instance_type: Its machine.
        baseline_uri: Where the baseline goes.
        config_uri: The analysis of Clarify; None for the others.
        security_group_ids: Its network.
        subnet_ids: Its network.
    """
    inputs = []
    if config_uri is not None:
        inputs.append(_channel("analysis_config", config_uri, _CONFIG))
    return {
        "RoleArn": role_arn,
        "AppSpecification": {"ImageUri": image},
        "Environment": _environment(drift),
        "ProcessingInputs": inputs,
        "ProcessingOutputConfig": {
            "KmsKeyId": key_arn,
            "Outputs": [
                {
                    "OutputName": "baseline",
                    "S3Output": {"S3Uri": baseline_uri, "LocalPath": _OUTPUT, "S3UploadMode": "EndOfJob"},
                }
            ],
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": instance_type,
                "VolumeSizeInGB": 20,
                "VolumeKmsKeyId": key_arn,
            }
        },
        "NetworkConfig": {
            "EnableNetworkIsolation": drift.network_access_reason is None,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": {"SecurityGroupIds": list(security_group_ids), "Subnets": list(subnet_ids)},
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def _environment(drift: Drift) -> dict[str, str]:
    if drift.kind in (Kind.BIAS, Kind.EXPLANATION):
        return {}
    found = {
        "dataset_format": json.dumps({"csv": {"header": True}}),
        "dataset_source": _DATA,
        "output_path": _OUTPUT,
        "publish_cloudwatch_metrics": "Disabled",
    }
    if drift.kind is Kind.QUALITY and drift.problem is not None:
        found |= {
            "analysis_type": "MODEL_QUALITY",
            "problem_type": drift.problem.value,
            "ground_truth_attribute": _LABEL,
        }
        found |= {} if drift.answer is None else {"inference_attribute": drift.answer}
        found |= {} if drift.probability is None else {"probability_attribute": drift.probability}
        found |= {} if drift.threshold is None else {"probability_threshold_attribute": str(drift.threshold)}
    return found


def _channel(name: str, uri: str, place: str) -> dict[str, object]:
    return {
        "InputName": name,
        "S3Input": {"S3Uri": uri, "LocalPath": place, "S3DataType": "S3Prefix", "S3InputMode": "File"},
    }
