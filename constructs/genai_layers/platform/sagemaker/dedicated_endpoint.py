"""A real-time endpoint with one model on machines of its own."""

from collections.abc import Sequence

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import KeyUse
from genai_layers.platform.sagemaker.comparison import Comparison
from genai_layers.platform.sagemaker.copies import Copies, ScheduledBounds, schedule_faults
from genai_layers.platform.sagemaker.data_capture import DataCapture
from genai_layers.platform.sagemaker.endpoint_surface import MachineSurface
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.machine_endpoint import VARIANT, MachineEndpoint
from genai_layers.platform.sagemaker.machines import Machines
from genai_layers.platform.sagemaker.promotable import Promotable
from genai_layers.platform.sagemaker.rollout import Rollout
from genai_layers.platform.sagemaker.scaling import ScaledThing, Scaling


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class DedicatedEndpoint(Construct, MachineSurface):
    """
    A real-time endpoint for one model, for regions without inference components, such as those of GovCloud.

    It never scales to zero; `ModelEndpoint` does.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new endpoint.
        model: What is served.
        key: Key of volumes, and of what is captured where its bucket has none; it needs `REQUIRED_KEY_USES`.
        vpc: Where the model stands; it needs a gateway endpoint for S3 that lets its files through.
        subnets: In which subnets, of several zones.
        machines: Types, bounds and driver.
        concurrency_per_machine: Requests in hand of one machine, above which there are more. Default: 5.
        schedule: Other bounds at other times. Default: none.
        log_retention: How long logs are kept. Default: one year.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        capture: A sample of requests and answers. Default: nothing is kept.
        rollout: How a change reaches the callers. Default: a canary of a tenth, or all at once on one machine.
        latency_limit: Longest time to an answer, p99, above which a change is taken back. Default: none.
        network_access_reason: Why the container may use the network. Default: it may not.
        comparison: Another model beside it, for an A/B test or as a shadow. Default: none.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        hosted: Endpoint, configuration, logs and alarms.
        hosting: Role and network.
        compared: Metrics of the other model; None for none.
        scaling: Its scaling; None where the number never changes.

    Raises:
        EndpointError: Something is wrong; all of it is listed.
        RegionError: The region has no SageMaker endpoints.

    Example:
        DedicatedEndpoint(self, "Endpoint", model=model, key=key.key, vpc=network.vpc, subnets=network.isolated,
                          machines=Machines(instance_types=["ml.g5.2xlarge"]))
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_ENDPOINT, KeyUse.LOGS)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: HostedModel,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        machines: Machines,
        concurrency_per_machine: float = 5,
        schedule: Sequence[ScheduledBounds] = (),
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        log_key: kms.IKey | None = None,
        capture: DataCapture | None = None,
        rollout: Rollout | None = None,
        latency_limit: Duration | None = None,
        network_access_reason: str | None = None,
        comparison: Comparison | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        bounds = machines.instances
        copies = Copies.on_concurrency(bounds.minimum, bounds.maximum, per_copy=concurrency_per_machine).at(*schedule)
        self.hosted = MachineEndpoint(
            self,
            "Hosted",
            name_of=self,
            model=model,
            key=key,
            vpc=vpc,
            subnets=subnets,
            machines=machines,
            log_retention=log_retention,
            log_key=log_key,
            capture=capture,
            rollout=rollout,
            latency_limit=latency_limit,
            network_access_reason=network_access_reason,
            removal_policy=removal_policy,
            comparison=comparison,
            other_faults=[
                *([] if concurrency_per_machine > 0 else copies.faults()),
                *schedule_faults(schedule, 2 if bounds.reason is None else 1),
            ],
        )
        self.hosting = self.hosted.hosting
        self.endpoint_name, self.endpoint_arn = self.hosted.endpoint_name, self.hosted.endpoint_arn
        self.metrics, self.compared = self.hosted.metrics, self.hosted.compared
        self.scaling = self._scaling("Scaling", VARIANT, copies)
        if comparison is not None and not comparison.is_shadow:
            others = comparison.machines.instances
            bounds_beside = Copies.on_concurrency(others.minimum, others.maximum, per_copy=concurrency_per_machine)
            self._scaling("ComparedScaling", comparison.variant, bounds_beside)

    @property
    def promotable(self) -> Promotable:
        """What a promotion has to know to serve another model here."""
        return self.hosted.promotable

    def _scaling(self, id: str, variant: str, copies: Copies) -> Scaling | None:
        thing = ScaledThing(
            resource_id=f"endpoint/{self.endpoint_name}/variant/{variant}",
            dimension="sagemaker:variant:DesiredInstanceCount",
            concurrency_metric="SageMakerVariantConcurrentRequestsPerModelHighResolution",
            wake_metric="",
            dimensions={},
        )
        after = [self.hosted.cfn_endpoint]
        return Scaling(self, id, thing=thing, copies=copies, after=after) if copies.scales else None
