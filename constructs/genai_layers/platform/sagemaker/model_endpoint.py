"""An endpoint that serves several models on machines that they share."""

import jsii
from aws_cdk import Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.catalog.ml_instances import MlInstanceType
from genai_layers.foundation import KeyUse
from genai_layers.platform.sagemaker import compatibility
from genai_layers.platform.sagemaker.component_resources import component_faults
from genai_layers.platform.sagemaker.copies import Copies
from genai_layers.platform.sagemaker.data_capture import DataCapture
from genai_layers.platform.sagemaker.endpoint_config import EndpointConfig
from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics
from genai_layers.platform.sagemaker.errors import EndpointError
from genai_layers.platform.sagemaker.has_models import HasModels
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.hosting import Hosting, log_group, model_faults, reason_faults
from genai_layers.platform.sagemaker.hosting_image import HostingImage
from genai_layers.platform.sagemaker.invocation import grant_invoke
from genai_layers.platform.sagemaker.machines import Machines
from genai_layers.platform.sagemaker.model_component import ModelComponent
from genai_layers.platform.sagemaker.names import born_name
from genai_layers.platform.sagemaker.rollout import Rollout

_LOGS = "/aws/sagemaker/Endpoints/"
_MAX_ALARMS = 10


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class ModelEndpoint(Construct):
    """
    A real-time endpoint whose models are inference components: they share its machines, and scale by themselves.

    Volumes, captures and logs are under your key; containers stand in your network and have no access to it.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new endpoint.
        key: Key of volumes, and of what is captured where its bucket has none; it needs `REQUIRED_KEY_USES`.
        vpc: Where the models stand; it needs a gateway endpoint for S3 that lets their files through.
        subnets: In which subnets, of several zones.
        machines: Types, bounds and driver.
        log_retention: How long logs are kept. Default: one year.
        log_key: Key of the logs; it needs `KeyUse.LOGS`. Default: *key*.
        capture: A sample of requests and answers. Default: nothing is kept.
        rollout: How a change of machines or models reaches the callers. Default: in two batches.
        network_access_reason: Why containers may use the network. Default: they may not.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.

    Attributes:
        REQUIRED_KEY_USES: Services that use *key*.
        cfn_endpoint: The endpoint as CloudFormation knows it.
        cfn_endpoint_config: Its configuration.
        hosting: Role and network of the models.
        log_group: What the endpoint wrote; each model has its own besides.

    Raises:
        EndpointError: Something is wrong; all of it is listed.
        RegionError: The region has no inference components; `DedicatedEndpoint` needs none.

    Example:
        endpoint = ModelEndpoint(self, "Endpoint", key=key.key, vpc=network.vpc, subnets=network.isolated,
                                 machines=Machines(instance_types=["ml.g6e.2xlarge"]))
        llama = endpoint.add_model("Llama", engines.vllm("llama", Artifacts.folder(weights, "llama-3.1-8b")))
        llama.grant_invoke(chat.function)
    """

    REQUIRED_KEY_USES = (KeyUse.SAGEMAKER_ENDPOINT, KeyUse.LOGS)
    variant_name = "models"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        machines: Machines,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        log_key: kms.IKey | None = None,
        capture: DataCapture | None = None,
        rollout: Rollout | None = None,
        network_access_reason: str | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::SageMaker::InferenceComponent")
        self._machines, self._rollout, self.key = machines, rollout or Rollout.rolling(), key
        faults = [*machines.faults(), *self._rollout.component_faults(), *reason_faults(network_access_reason)]
        faults += [] if capture is None else capture.faults()
        if faults:
            raise EndpointError(faults)
        self._images: list[tuple[HostingImage, MlInstanceType]] = []
        self._alarms: list[str] = []
        self._callers: list[iam.IGrantable] = []
        self._admitted: list[str] = []
        self.log_key, self.log_retention, self.removal_policy = log_key or key, log_retention, removal_policy
        self.endpoint_name = born_name(self)
        self.metrics = EndpointMetrics({"EndpointName": self.endpoint_name, "VariantName": self.variant_name})
        self.hosting = Hosting(self, "Hosting", vpc=vpc, subnets=subnets, network_access_reason=network_access_reason)
        self.log_group = log_group(
            self,
            "Logs",
            f"{_LOGS}{self.endpoint_name}",
            key=self.log_key,
            retention=log_retention,
            removal_policy=removal_policy,
        )
        self.hosting.role.write_logs(self.log_group)
        self.cfn_endpoint_config = EndpointConfig(
            self,
            "Config",
            machines=machines,
            variant=self._variant(),
            key=key,
            hosting=self.hosting,
            capture=capture,
            holds_components=True,
        ).resource
        self.cfn_endpoint = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=self.cfn_endpoint_config.attr_endpoint_config_name,
        )
        self.cfn_endpoint.node.add_dependency(self.log_group, self.hosting.role)
        self.node.add_validation(HasModels(self._admitted))

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint."""
        return Stack.of(self).format_arn(service="sagemaker", resource="endpoint", resource_name=self.endpoint_name)

    @property
    def connections(self) -> ec2.Connections:
        """The network of the models."""
        return self.hosting.security_group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The execution role."""
        return self.hosting.role

    def add_model(
        self,
        id: str,
        model: HostedModel,
        *,
        copies: Copies | None = None,
        memory_mib: int | None = None,
        cpu_cores: float | None = None,
        caches_files: bool = True,
        startup_timeout: Duration | None = None,
        latency_limit: Duration | None = None,
    ) -> ModelComponent:
        """
        Serve one more model.

        Args:
            id: Name within the endpoint; changing it makes a new component.
            model: What is served.
            copies: How many, and what changes the number. Default: as many as the machines, by concurrency.
            memory_mib: Memory that a copy is guaranteed, MiB. Default: three quarters of its share of the machine.
            cpu_cores: Processors that a copy is guaranteed. Default: half of the machine on CPU, else unbounded.
            caches_files: Machines keep the files, so that the next copy starts sooner. Default: they do.
            startup_timeout: Longest load of the files, and longest start after it. Default: 30 minutes.
            latency_limit: Longest time to an answer, p99, above which a change is taken back. Default: none.

        Raises:
            EndpointError: It does not fit the machines; every reason is listed.
        """
        bounds, types = self._machines.instances, self._machines.types
        copies = copies or Copies.on_concurrency(min(2, bounds.minimum), bounds.maximum)
        timeout = startup_timeout or Duration.minutes(30)
        faults = [
            *model_faults(self, model),
            *copies.faults(),
            *(fault for machine in types for fault in compatibility.faults(model, machine, self._machines.host)),
            *component_faults(model, types, bounds, copies, memory_mib, timeout),
        ]
        if faults:
            raise EndpointError(faults)
        component = ModelComponent(
            self,
            id,
            endpoint=self,
            model=model,
            machines=types,
            copies=copies,
            memory_mib=memory_mib,
            cpu_cores=cpu_cores,
            caches_files=caches_files,
            startup_timeout=timeout,
            latency_limit=latency_limit,
            rollout=self._rollout,
        )
        self._images += [(model.on(machine).image, machine) for machine in types]
        self._alarms += component.rollback.names
        self.cfn_endpoint_config.production_variants = [self._variant()]  # type: ignore[list-item]
        if bounds.minimum:
            # The service watches ten alarms of an endpoint at most; each model is watched by its own besides.
            watched = self._rollout.render(self._alarms[:_MAX_ALARMS])
            self.cfn_endpoint.deployment_config = watched  # type: ignore[assignment]
        self.admit(component.component_arn)
        return component

    def admit(self, component_arn: str) -> None:
        """
        Let everybody who may ask the whole endpoint ask one more component.

        Args:
            component_arn: ARN of the component.
        """
        self._admitted.append(component_arn)
        for caller in self._callers:
            grant_invoke(caller, [component_arn])

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* ask every model of the endpoint, later ones too.

        Args:
            grantee: Who may.
        """
        self._callers.append(grantee)
        return grant_invoke(grantee, [self.endpoint_arn, *self._admitted])

    def metric(self, name: str, statistic: str = "Average") -> cloudwatch.Metric:
        """
        Return any metric of the machines, such as `GPUUtilization`; those of requests are the models' own.

        Args:
            name: Its name in CloudWatch.
            statistic: Default: their average.
        """
        return self.metrics.metric(name, statistic)

    def _variant(self) -> dict[str, object]:
        return self._machines.render(self.variant_name, self._images, is_managed=True)
