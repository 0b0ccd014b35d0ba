"""An endpoint that takes requests from a bucket and puts the answers into one."""

from collections.abc import Sequence

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import KeyUse
from genai_layers.platform.sagemaker.copies import Copies, ScheduledBounds, schedule_faults
from genai_layers.platform.sagemaker.data_capture import DataCapture
from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics
from genai_layers.platform.sagemaker.endpoint_surface import MachineSurface
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.invocation import INVOKE_LATER
from genai_layers.platform.sagemaker.machine_endpoint import VARIANT, MachineEndpoint
from genai_layers.platform.sagemaker.machines import Machines
from genai_layers.platform.sagemaker.mailbox import Mailbox
from genai_layers.platform.sagemaker.rollout import Rollout
from genai_layers.platform.sagemaker.scaling import ScaledThing, Scaling

_CONCURRENCY = (1, 1000)


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class AsyncEndpoint(Construct, MachineSurface):
    """
    An endpoint with a queue: requests wait in it, also while there is no machine, so that none is lost to a start.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new endpoint.
        model: What is served.
        mailbox: Where requests lie and answers go.
        key: Key of volumes, answers and logs; it needs `REQUIRED_KEY_USES`.
        vpc: Where the model stands; it needs a gateway endpoint for S3 that lets its files through.
        subnets: In which subnets, of several zones.
        machines: Types, bounds and driver; they may scale to zero.
        backlog_per_machine: Requests that wait for one machine, above which there are more. Default: 5.
        concurrency_per_machine: Requests in hand of one machine, 1 to 1000. Default: what the service finds best.
        schedule: Other bounds at other times, such as none at night, when requests wait. Default: none.
        log_retention: How long logs are kept. Default: one year.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        capture: A sample of requests and answers. Default: nothing is kept.
        rollout: How a change reaches the callers. Default: a canary of a tenth, or all at once on one machine.
        latency_limit: Longest time to an answer, p99, above which a change is taken back. Default: none.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        hosted: Endpoint, configuration, logs and alarms.
        hosting: Role and network.
        scaling: Its scaling; None where the number never changes.

    Raises:
        EndpointError: Something is wrong; all of it is listed.
        RegionError: The region has no SageMaker endpoints.

    Example:
        AsyncEndpoint(self, "Endpoint", model=model, mailbox=Mailbox(bucket=bucket), key=key.key, vpc=network.vpc,
                      subnets=network.isolated, machines=Machines(instance_types=["ml.g5.2xlarge"]))
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_ENDPOINT, KeyUse.LOGS)
    _actions = INVOKE_LATER

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: HostedModel,
        mailbox: Mailbox,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        machines: Machines,
        backlog_per_machine: float = 5,
        concurrency_per_machine: int | None = None,
        schedule: Sequence[ScheduledBounds] = (),
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        log_key: kms.IKey | None = None,
        capture: DataCapture | None = None,
        rollout: Rollout | None = None,
        latency_limit: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        least, most = _CONCURRENCY
        faults = mailbox.faults()
        faults += schedule_faults(schedule, 0)
        if backlog_per_machine <= 0:
            faults.append(f"backlog_per_machine is {backlog_per_machine}: choose more than 0")
        if concurrency_per_machine is not None and not least <= concurrency_per_machine <= most:
            faults.append(f"concurrency_per_machine is {concurrency_per_machine}: choose {least} to {most}")
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
            network_access_reason=None,
            removal_policy=removal_policy,
            async_config=mailbox.render(key, concurrency_per_machine),
            other_faults=faults,
        )
        self.hosting = self.hosted.hosting
        mailbox.grant(self.hosting.role, key)
        self.endpoint_name, self.endpoint_arn = self.hosted.endpoint_name, self.hosted.endpoint_arn
        self.metrics = self.hosted.metrics
        self.queue_metrics = EndpointMetrics({"EndpointName": self.endpoint_name})
        self.scaling = self._scale(machines, backlog_per_machine, schedule)

    def metric_backlog(self) -> cloudwatch.Metric:
        """`ApproximateBacklogSize`, Average: requests that wait."""
        return self.queue_metrics.metric("ApproximateBacklogSize", "Average")

    def metric_failures(self) -> cloudwatch.Metric:
        """`InvocationFailures`, Sum: requests without an answer."""
        return self.queue_metrics.metric("InvocationFailures")

    def _scale(self, machines: Machines, backlog: float, schedule: Sequence[ScheduledBounds]) -> Scaling | None:
        bounds = machines.instances
        waiting = self.queue_metrics.metric("ApproximateBacklogSizePerInstance", "Average")
        copies = Copies.on_metric(waiting, backlog, minimum=bounds.minimum, maximum=bounds.maximum).at(*schedule)
        thing = ScaledThing(
            resource_id=f"endpoint/{self.endpoint_name}/variant/{VARIANT}",
            dimension="sagemaker:variant:DesiredInstanceCount",
            concurrency_metric=None,
            wake_metric="HasBacklogWithoutCapacity",
            dimensions=self.queue_metrics.dimensions,
        )
        if not copies.scales:
            return None
        return Scaling(self, "Scaling", thing=thing, copies=copies, after=[self.hosted.cfn_endpoint])
