"""Layer 1: a fleet of machines with accelerators that serves one model."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct

from genai_layers.foundation import InterfaceEndpoint, SecureBucket
from genai_layers.inference import AcceleratorFleet, Hours, ScaleToZero
from genai_layers.settings import Settings
from genai_layers.settings.sleep import SleepSettings
from stacks.environment_stack import EnvironmentStack
from stacks.network_stack import NetworkStack
from stacks.security_stack import SecurityStack


class InferenceStack(EnvironmentStack):
    """
    The weights and the machines that load them.

    Attributes:
        weights: Put the model's files under the weights prefix before the first machine starts.
        fleet: Serves the model inside the network.
    """

    def __init__(self, scope: Construct, *, settings: Settings, security: SecurityStack, network: NetworkStack) -> None:
        super().__init__(scope, "Inference", settings=settings, description="Accelerated machines that serve a model")
        wanted = settings.inference
        # CloudFormation's, so that a machine can say it answers, and an update that no machine survives rolls back.
        network.network.require(*AcceleratorFleet.REQUIRED_ENDPOINTS, InterfaceEndpoint.CLOUDFORMATION)
        self.weights = SecureBucket(
            self,
            "Weights",
            key=security.data_key.key,
            access_logs=security.access_logs.bucket,
            removal_policy=self.removal_policy,
        )
        self.fleet = AcceleratorFleet(
            self,
            "Fleet",
            vpc=network.network.vpc,
            subnets=network.network.isolated,
            key=security.data_key.key,
            log_key=security.log_key.key,
            model=wanted.model,
            weights=self.weights.bucket,
            weights_prefix=wanted.weights_prefix or wanted.model,
            instance_types=wanted.instance_types,
            max_model_len=wanted.max_model_len,
            min_machines=wanted.min_machines,
            max_machines=wanted.max_machines,
            domain_name=wanted.domain_name,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", wanted.certificate_arn)
            if wanted.certificate_arn
            else None,
            plaintext_reason=wanted.plaintext_reason,
            scale_to_zero=_scale_to_zero(wanted.sleep),
            signals_updates=True,
            access_logs=security.access_logs.bucket,
            log_retention=self.log_retention,
            removal_policy=self.removal_policy,
        )
        CfnOutput(self, "FleetEndpoint", value=self.fleet.endpoint.url)
        CfnOutput(self, "WeightsBucketName", value=self.weights.bucket.bucket_name)


def _scale_to_zero(wanted: SleepSettings) -> ScaleToZero | None:
    idle = None if wanted.idle_minutes is None else Duration.minutes(wanted.idle_minutes)
    if wanted.opens is not None and wanted.closes is not None and wanted.time_zone is not None:
        hours = Hours(opens=wanted.opens, closes=wanted.closes, time_zone=wanted.time_zone, days=wanted.days)
        return ScaleToZero.outside(hours, idle=idle)
    return None if idle is None else ScaleToZero.when_idle(idle)
