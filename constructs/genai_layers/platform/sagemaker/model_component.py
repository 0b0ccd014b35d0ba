"""One model on an endpoint, with machines shared and scaling of its own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog.ml_instances import MlInstanceType
from genai_layers.platform.sagemaker.adapter import Adapter
from genai_layers.platform.sagemaker.artifacts import Artifacts
from genai_layers.platform.sagemaker.component_resources import component_resources
from genai_layers.platform.sagemaker.copies import Copies
from genai_layers.platform.sagemaker.endpoint_metrics import NO_CAPACITY, EndpointMetrics
from genai_layers.platform.sagemaker.endpoint_surface import AskedModel
from genai_layers.platform.sagemaker.errors import EndpointError
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.hosting import log_group
from genai_layers.platform.sagemaker.invocation import grant_invoke
from genai_layers.platform.sagemaker.names import born_name
from genai_layers.platform.sagemaker.promotable import Promotable, one_model_faults
from genai_layers.platform.sagemaker.rollback_alarms import RollbackAlarms
from genai_layers.platform.sagemaker.rollout import Rollout
from genai_layers.platform.sagemaker.scaling import ScaledThing, Scaling

if TYPE_CHECKING:
    from genai_layers.platform.sagemaker.model_endpoint import ModelEndpoint

_LOGS = "/aws/sagemaker/InferenceComponents/"


class ModelComponent(Construct, AskedModel):
    """
    A model on a `ModelEndpoint`; made by its `add_model`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new component.
        endpoint: Where it is served.
        model: What is served.
        machines: Machines of the endpoint.
        copies: How many, and what changes the number.
        memory_mib: Memory that a copy is guaranteed, MiB; None for three quarters of its share of the machine.
        cpu_cores: Processors that a copy is guaranteed; None for half of the machine on CPU.
        caches_files: Machines keep the files, so that the next copy starts sooner.
        startup_timeout: Longest load of the files, and longest start after it; 1 minute to 1 hour.
        latency_limit: Longest time to an answer, p99, above which a change is taken back; None for none.
        rollout: How a change reaches the callers.

    Attributes:
        cfn_component: The component as CloudFormation knows it.
        component_name: What a request names as its `InferenceComponentName`.
        log_group: What its containers wrote.
        metrics: All of its metrics.
        rollback: Alarms that take a change back.
        scaling: Its scaling; None where the number never changes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint: "ModelEndpoint",
        model: HostedModel,
        machines: Sequence[MlInstanceType],
        copies: Copies,
        memory_mib: int | None,
        cpu_cores: float | None,
        caches_files: bool,
        startup_timeout: Duration,
        latency_limit: Duration | None,
        rollout: Rollout,
    ) -> None:
        super().__init__(scope, id)
        self._endpoint, self._model = endpoint, model
        self.component_name = born_name(self)
        self.metrics = EndpointMetrics({"InferenceComponentName": self.component_name})
        self.log_group = log_group(
            self,
            "Logs",
            f"{_LOGS}{self.component_name}",
            key=endpoint.log_key,
            retention=endpoint.log_retention,
            removal_policy=endpoint.removal_policy,
        )
        endpoint.hosting.role.write_logs(self.log_group)
        models = endpoint.hosting.models(self, model, machines)
        self.rollback = RollbackAlarms(self, "Rollback", metrics=self.metrics, latency_limit=latency_limit)
        self.cfn_component = sagemaker.CfnInferenceComponent(
            self,
            "Resource",
            inference_component_name=self.component_name,
            endpoint_name=endpoint.cfn_endpoint.attr_endpoint_name,
            variant_name=endpoint.variant_name,
            runtime_config={"copyCount": copies.initial},
            deployment_config=rollout.render_component(self.rollback.names),
        )
        specifications = [
            {
                "modelName": models[machine.name].attr_model_name,
                "computeResourceRequirements": component_resources(model, machine, memory_mib, cpu_cores),
                "dataCacheConfig": {"enableCaching": caches_files},
                "schedulingConfig": {
                    "placementStrategy": "SPREAD",
                    "availabilityZoneBalance": {"enforcementMode": "PERMISSIVE", "maxImbalance": 1},
                },
                "startupParameters": {
                    "modelDataDownloadTimeoutInSeconds": startup_timeout.to_seconds(),
                    "containerStartupHealthCheckTimeoutInSeconds": startup_timeout.to_seconds(),
                },
            }
            for machine in machines
        ]
        if len(specifications) == 1:
            self.cfn_component.specification = specifications[0]  # type: ignore[assignment]  # as in the constructor
        else:
            self.cfn_component.specifications = [
                {"instanceType": machine.name, **specification}  # type: ignore[misc]  # as in the constructor
                for machine, specification in zip(machines, specifications, strict=True)
            ]
        self.cfn_component.node.add_dependency(self.log_group)
        self._specifications, self._deployment = specifications, rollout.render_component(self.rollback.names)
        self._starting = models[machines[0].name].attr_model_name
        self.scaling = self._scaling(copies) if copies.scales else None

    @property
    def promotable(self) -> Promotable:
        """What a promotion has to know to serve another model here."""
        back = {name: value for name, value in self._deployment.items() if name != "autoRollbackConfiguration"}
        kept = {name: value for name, value in self._specifications[0].items() if name != "modelName"}
        return Promotable(
            endpoint_name=self._endpoint.endpoint_name,
            component_name=self.component_name,
            changed_arn=self.component_arn,
            starting=self._starting,
            starting_arn=None,
            config_members=(),
            update={"specification": kept, "deploymentConfig": self._deployment},
            go_back={"specification": kept, "deploymentConfig": back},
            key=self._endpoint.key,
            execution_role=self._endpoint.hosting.role,
            vpc_config=self._endpoint.hosting.vpc_config,
            is_isolated=self._endpoint.hosting.is_isolated,
            rollback_alarms=self.rollback.alarms,
            faults=one_model_faults(len(self._specifications)),
        )

    @property
    def endpoint_name(self) -> str:
        """Endpoint that a request names beside `component_name`."""
        return self._endpoint.endpoint_name

    @property
    def component_arn(self) -> str:
        """ARN of the component."""
        return Stack.of(self).format_arn(
            service="sagemaker", resource="inference-component", resource_name=self.component_name
        )

    def add_adapter(self, id: str, artifacts: Artifacts) -> Adapter:
        """
        Put an adapter (LoRA) on top of the model; it is loaded on its first request and takes no machine.

        Args:
            id: Name within the component.
            artifacts: Its files, one archive.

        Raises:
            EndpointError: The model takes no adapters, or the files are no archive.
        """
        faults = artifacts.faults()
        if not self._model.takes_adapters:
            faults.append(
                f"model {self._model.name!r} takes no adapters: serve it with engines.lmi(..., max_adapters=...), or "
                "with a container of your own that says takes_adapters=True"
            )
        if not artifacts.is_archive:
            faults.append(f"adapter files are at {artifacts.key!r}: SageMaker takes adapters as one .tar.gz")
        if faults:
            raise EndpointError(faults)
        self._endpoint.hosting.role.read(artifacts)
        adapter = Adapter(self, id, base=self.cfn_component, base_name=self.component_name, artifacts=artifacts)
        adapter.cfn_component.node.add_dependency(self._endpoint.hosting.role)
        self._endpoint.admit(adapter.component_arn)
        return adapter

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* ask this model, and no other of the endpoint.

        Args:
            grantee: Who may.
        """
        return grant_invoke(grantee, [self._endpoint.endpoint_arn, self.component_arn])

    def metric_no_capacity(self) -> cloudwatch.Metric:
        """`NoCapacityInvocationFailures`, Sum."""
        return self.metrics.no_capacity()

    def _scaling(self, copies: Copies) -> Scaling:
        thing = ScaledThing(
            resource_id=f"inference-component/{self.component_name}",
            dimension="sagemaker:inference-component:DesiredCopyCount",
            concurrency_metric="SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
            wake_metric=NO_CAPACITY,
            dimensions=self.metrics.dimensions,
        )
        return Scaling(self, "Scaling", thing=thing, copies=copies, after=[self.cfn_component])
