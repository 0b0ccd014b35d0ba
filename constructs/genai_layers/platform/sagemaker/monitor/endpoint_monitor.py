"""A monitor of one endpoint: a job by the clock, and who is told what it found."""

from collections.abc import Mapping

import jsii
from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.catalog import monitor_images
from genai_layers.foundation import BoundImage, KeyUse
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.dedicated_endpoint import DedicatedEndpoint
from genai_layers.platform.sagemaker.monitor.baseline_request import baseline_request
from genai_layers.platform.sagemaker.monitor.checks import check
from genai_layers.platform.sagemaker.monitor.definitions import OUTPUT, definition
from genai_layers.platform.sagemaker.monitor.drift import Drift
from genai_layers.platform.sagemaker.monitor.monitor_role import MonitorRole
from genai_layers.platform.sagemaker.monitor.told_runs import ToldRuns
from genai_layers.platform.sagemaker.names import born_name

_HOURLY, _DAILY = "cron(0 * ? * * *)", "cron(0 6 ? * * *)"


@jsii.implements(ec2.IConnectable)
class EndpointMonitor(Construct):
    """
    Compares what an endpoint is asked, or how it answers, with a baseline, and tells a topic where they differ.

    Run its baseline first, with `MonitorBaseline` of the jobs; until there is one, every run fails and is told.
    A run is a job of its own that is paid by the minute; its reports and its disk are under your key, and its
    container has no network, but for explanations, which ask a copy of the model.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new monitor.
        endpoint: What is watched; it needs `capture`, and hosts a single model, since SageMaker watches no others.
        drift: What it is watched for.
        bucket: Where baseline and reports lie, under `<prefix>/baseline` and `<prefix>/reports`.
        key: Key of reports and disks; it needs `REQUIRED_KEY_USES`.
        vpc: Where jobs stand.
        subnets: In which subnets.
        topic: Who is told of violations and of runs that failed; its key needs `KeyUse.EVENTBRIDGE`.
        prefix: Folder of the bucket, without a slash at either end. Default: `monitor`.
        instance_type: Machine of a run, one without disks of its own. Default: `ml.m5.xlarge`.
        is_hourly: A run looks at one hour; otherwise at one day, at 06:00 UTC. Default: at one day.
        max_runtime: Longest run. Default: 50 minutes.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        role: Role of the jobs.
        cfn_definition: Definition of the jobs.
        cfn_schedule: What starts them.
        schedule_name: Its name.

    Raises:
        MonitorError: Something is wrong; all of it is listed.
        RegionError: The catalog knows no image of the monitor in the region.

    Example:
        EndpointMonitor(self, "Drift", endpoint=endpoint, drift=Drift.of_data(), bucket=reports, key=key.key,
                        vpc=network.vpc, subnets=network.isolated, topic=monitoring.topic)
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_TRAINING,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint: DedicatedEndpoint,
        drift: Drift,
        bucket: s3.IBucket,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        topic: sns.ITopic,
        prefix: str = "monitor",
        instance_type: str = "ml.m5.xlarge",
        is_hourly: bool = False,
        max_runtime: Duration | None = None,
    ) -> None:
        super().__init__(scope, id)
        stack, runtime = Stack.of(self), max_runtime or Duration.minutes(50)
        capture = endpoint.hosted.capture
        has_region = not Token.is_unresolved(stack.region)
        check(
            drift,
            prefix=prefix,
            instance_type=instance_type,
            runtime=runtime,
            captures=capture is not None,
            has_region=has_region,
        )
        self._drift, self._bucket, self._prefix, self._type = drift, bucket, prefix, instance_type
        self._key, self._endpoint = key, endpoint
        listed = monitor_images.get(drift.kind.image)
        image = BoundImage.in_account(stack, listed.account(stack.region), listed.repository, listed.tag or "latest")
        self._image = image.uri if listed.tag is not None else image.uri.removesuffix(":latest")
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="jobs that watch an endpoint", allow_all_outbound=False
        )
        self.security_group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "captures and reports over TLS")
        self._subnet_ids = list(vpc.select_subnets(subnet_type=subnets.subnet_type, subnets=subnets.subnets).subnet_ids)
        self.role = MonitorRole(self, "Role", key=key)
        self.role.pull(image)
        self.role.join(vpc, self._subnet_ids, self.security_group)
        self.role.describe_endpoint(endpoint.endpoint_arn)
        if capture is not None:
            self.role.read_folder(capture.bucket, capture.prefix, key=key)
        for folder in ("baseline", "config", "datasets"):
            self.role.read_folder(bucket, f"{prefix}/{folder}", key=key)
        for folder in ("baseline", "reports"):
            self.role.write_folder(bucket, f"{prefix}/{folder}", key=key)
        if drift.ground_truth is not None:
            self.role.read_folder(drift.ground_truth.bucket, drift.ground_truth.prefix, key=key)
        if drift.network_access_reason is not None:
            self.role.ask_a_copy()
        self.cfn_definition, name = definition(
            self,
            "Definition",
            drift=drift,
            # By attribute, so that schedule and definition go before the endpoint does.
            endpoint_name=endpoint.hosted.cfn_endpoint.attr_endpoint_name,
            image=self._image,
            role_arn=self.role.role_arn,
            baseline_uri=self._uri("baseline"),
            config_uri=None if drift.config_key is None else f"{self._uri('config')}/{drift.config_key}",
            output={
                "kmsKeyId": key.key_arn,
                "monitoringOutputs": [
                    {"s3Output": {"s3Uri": self._uri("reports"), "localPath": OUTPUT, "s3UploadMode": "EndOfJob"}}
                ],
            },
            resources={
                "clusterConfig": {
                    "instanceCount": 1,
                    "instanceType": instance_type,
                    "volumeSizeInGb": 20,
                    "volumeKmsKeyId": key.key_arn,
                }
            },
            network={
                "enableNetworkIsolation": drift.network_access_reason is None,
                "enableInterContainerTrafficEncryption": True,
                "vpcConfig": {
                    "securityGroupIds": [self.security_group.security_group_id],
                    "subnets": self._subnet_ids,
                },
            },
            max_runtime_seconds=runtime.to_seconds(),
            window_hours=1 if is_hourly else 24,
        )
        self.cfn_definition.node.add_dependency(self.role)
        if drift.network_access_reason is not None:
            acknowledge(self.cfn_definition, "GENAI-SAGEMAKER-15", reason=drift.network_access_reason)
        self.schedule_name = born_name(self)
        self.cfn_schedule = sagemaker.CfnMonitoringSchedule(
            self,
            "Schedule",
            monitoring_schedule_name=self.schedule_name,
            monitoring_schedule_config={
                "monitoringType": drift.kind.value,
                "monitoringJobDefinitionName": name,
                "scheduleConfig": {"scheduleExpression": _HOURLY if is_hourly else _DAILY},
            },
        )
        self._runs = ToldRuns(self, schedule_name=self.schedule_name, topic=topic)

    @property
    def connections(self) -> ec2.Connections:
        """The network of the jobs."""
        return self.security_group.connections

    @property
    def job_role(self) -> iam.IRole:
        """Role that a baseline runs with."""
        return self.role

    @property
    def network_access_reason(self) -> str | None:
        """Why jobs may use the network; None where they may not."""
        return self._drift.network_access_reason

    @property
    def datasets_uri(self) -> str:
        """Folder of the bucket where data sets for baselines are put."""
        return self._uri("datasets")

    @property
    def baseline_request(self) -> Mapping[str, object]:
        """Request for the job that makes the baseline, without its name and its data set."""
        return baseline_request(
            self._drift,
            image=self._image,
            role_arn=self.role.role_arn,
            key_arn=self._key.key_arn,
            instance_type=self._type,
            baseline_uri=self._uri("baseline"),
            config_uri=None if self._drift.config_key is None else f"{self._uri('config')}/{self._drift.config_key}",
            security_group_ids=[self.security_group.security_group_id],
            subnet_ids=self._subnet_ids,
        )

    def metric(self, name: str, statistic: str = "Maximum") -> cloudwatch.Metric:
        """
        Return a figure that the monitor writes, such as `feature_baseline_drift_age` or `f1`.

        Args:
            name: Its name in CloudWatch.
            statistic: How values are put together. Default: the largest.
        """
        return cloudwatch.Metric(
            namespace=self._drift.kind.namespace,
            metric_name=name,
            dimensions_map={"Endpoint": self._endpoint.endpoint_name, "MonitoringSchedule": self.schedule_name},
            statistic=statistic,
            period=Duration.hours(1),
        )

    def metric_violations(self) -> cloudwatch.Metric:
        """Return how many runs found a difference."""
        return self._runs.metric_violations()

    def metric_failures(self) -> cloudwatch.Metric:
        """Return how many runs failed, so that nothing was compared."""
        return self._runs.metric_failures()

    def _uri(self, folder: str) -> str:
        return f"s3://{self._bucket.bucket_name}/{self._prefix}/{folder}"
