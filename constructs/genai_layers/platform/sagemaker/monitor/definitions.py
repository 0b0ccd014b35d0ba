"""The definition of a monitoring job, in the words of each of the four."""

from aws_cdk import CfnResource
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.platform.sagemaker.monitor.drift import Drift, Kind

INPUT, OUTPUT = "/opt/ml/processing/input/endpoint", "/opt/ml/processing/output"


def definition(
    scope: Construct,
    id: str,
    *,
    drift: Drift,
    endpoint_name: str,
    image: str,
    role_arn: str,
    baseline_uri: str,
    config_uri: str | None,
    output: dict[str, object],
    resources: dict[str, object],
    network: dict[str, object],
    max_runtime_seconds: float,
    window_hours: int,
) -> tuple[CfnResource, str]:
    """
    Make the definition; it is unnamed, since all of it is create-only.

    Args:
        scope: Where it belongs.
        id: Name within *scope*.
        drift: What is watched for.
        endpoint_name: Name of the endpoint.
        image: Address of the image.
        role_arn: Role of the jobs.
        baseline_uri: Folder of the baseline.
        config_uri: The analysis of Clarify; None for the others.
        output: Where reports go.
        resources: Machines.
        network: Network.
        max_runtime_seconds: Longest run.
        window_hours: Hours that one run looks at.

    Returns:
        The definition, and its name.
    """
    told = drift.endpoint_input(endpoint_name, INPUT, window_hours=window_hours)
    truth = drift.ground_truth
    asked: dict[str, object] = {"endpointInput": told}
    if truth is not None:
        asked["groundTruthS3Input"] = {"s3Uri": f"s3://{truth.bucket.bucket_name}/{truth.prefix}"}
    shared = {
        "role_arn": role_arn,
        "job_resources": resources,
        "network_config": network,
        "stopping_condition": {"maxRuntimeInSeconds": max_runtime_seconds},
    }
    metrics = {"publish_cloudwatch_metrics": "Enabled"}
    app: dict[str, object] = {"imageUri": image, "environment": metrics}
    constraints = {"constraintsResource": {"s3Uri": f"{baseline_uri}/constraints.json"}}
    analysis = {"constraintsResource": {"s3Uri": f"{baseline_uri}/analysis.json"}}
    match drift.kind:
        case Kind.DATA:
            data = sagemaker.CfnDataQualityJobDefinition(
                scope,
                id,
                data_quality_app_specification=app,
                data_quality_job_input=asked,
                data_quality_job_output_config=output,
                data_quality_baseline_config={
                    **constraints,
                    "statisticsResource": {"s3Uri": f"{baseline_uri}/statistics.json"},
                },
                **shared,  # type: ignore[arg-type]  # plain data for jsii
            )
            return data, data.ref
        case Kind.QUALITY:
            quality = sagemaker.CfnModelQualityJobDefinition(
                scope,
                id,
                model_quality_app_specification={
                    **app,
                    "problemType": None if drift.problem is None else drift.problem.value,
                },
                model_quality_job_input=asked,
                model_quality_job_output_config=output,
                model_quality_baseline_config=constraints,
                **shared,  # type: ignore[arg-type]  # plain data for jsii
            )
            return quality, quality.ref
        case Kind.BIAS:
            bias = sagemaker.CfnModelBiasJobDefinition(
                scope,
                id,
                model_bias_app_specification={**app, "configUri": config_uri},
                model_bias_job_input=asked,
                model_bias_job_output_config=output,
                model_bias_baseline_config=analysis,
                **shared,  # type: ignore[arg-type]  # plain data for jsii
            )
            return bias, bias.ref
        case Kind.EXPLANATION:
            reasons = sagemaker.CfnModelExplainabilityJobDefinition(
                scope,
                id,
                model_explainability_app_specification={**app, "configUri": config_uri},
                model_explainability_job_input=asked,
                model_explainability_job_output_config=output,
                model_explainability_baseline_config=analysis,
                **shared,  # type: ignore[arg-type]  # plain data for jsii
            )
            return reasons, reasons.ref
