"""Where the models of a pipeline are put, if they can be."""

from aws_cdk import Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.jobs.fine_tuning.calls import RUNS
from genai_layers.jobs.fine_tuning.deployment_access import admit_models
from genai_layers.jobs.fine_tuning.deployment_steps import DeploymentSteps
from genai_layers.jobs.fine_tuning.errors import FineTuningError
from genai_layers.jobs.fine_tuning.promotable import IPromotable
from genai_layers.jobs.fine_tuning.serving import Serving

MODELS = f"{RUNS}*/model/"
"""Folder of the models of all runs."""


def deployment(
    scope: Construct, target: IPromotable, mark: str, outputs: s3.IBucket, serving: Serving, folder: str = MODELS
) -> DeploymentSteps:
    """
    Return the steps that put a model at *target*, which may read the models from now on.

    Args:
        scope: A construct of the pipeline.
        target: Where models are put.
        mark: What tells the pipeline from others.
        outputs: Bucket of the models.
        serving: Container that models are served by.
        folder: Folder of the models in the bucket, with a closing slash. Default: that of all runs.

    Raises:
        FineTuningError: Its model cannot be changed from here; every fault at once.
    """
    faults = [f"deploy_to cannot take another model: {fault}" for fault in target.faults]
    if Stack.of(target.execution_role) is not Stack.of(scope):
        faults.append(
            "deploy_to stands in another stack, whose roles would need the buckets of this one and the other way "
            "round: put endpoint and pipeline into one stack, or let the other one read hand_off.current"
        )
    if faults:
        raise FineTuningError(faults)
    admit_models(target, outputs, folder, serving)
    return DeploymentSteps(target=target, prefix=f"serve-{mark}-")
