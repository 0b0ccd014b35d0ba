"""One model on machines of its own, whether it answers at once or later."""

from aws_cdk import Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker import compatibility
from genai_layers.platform.sagemaker.comparison import ComparedModel, Comparison
from genai_layers.platform.sagemaker.data_capture import DataCapture
from genai_layers.platform.sagemaker.endpoint_config import EndpointConfig
from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics
from genai_layers.platform.sagemaker.errors import EndpointError
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.hosting import Hosting, log_group, model_faults, reason_faults
from genai_layers.platform.sagemaker.machines import Machines
from genai_layers.platform.sagemaker.names import born_name
from genai_layers.platform.sagemaker.promotable import (
    Promotable,
    endpoint_return,
    endpoint_update,
    one_model_faults,
)
from genai_layers.platform.sagemaker.rollback_alarms import RollbackAlarms
from genai_layers.platform.sagemaker.rollout import Rollout

VARIANT = "model"
_LOGS = "/aws/sagemaker/Endpoints/"


class MachineEndpoint(Construct):
    """
    Endpoint, configuration and model, without grants and scaling; `DedicatedEndpoint` and `AsyncEndpoint` add those.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        name_of: Construct that gives the endpoint its name.
        model: What is served.
        key: Key of volumes, captures and logs.
        vpc: Where the model stands.
        subnets: In which subnets.
        machines: Types, bounds and driver.
        log_retention: How long logs are kept.
        log_key: Key of the logs.
        capture: A sample of requests and answers; None for none.
        rollout: How a change reaches the callers; None for a canary where there are two machines.
        latency_limit: Longest time to an answer, p99, above which a change is taken back; None for none.
        network_access_reason: Why containers may use the network; None where they may not.
        removal_policy: What happens to the logs when the stack goes.
        async_config: Where answers go that are fetched later; None for real time.
        other_faults: What else is wrong.
        comparison: Another model beside it; None for none.

    Attributes:
        endpoint_name: What a request names.
        endpoint_arn: ARN of the endpoint.
        cfn_endpoint: The endpoint as CloudFormation knows it.
        cfn_endpoint_config: Its configuration.
        hosting: Role and network.
        log_group: What its containers wrote.
        metrics: All of its metrics.
        rollback: Alarms that take a change back.
        capture: A sample of requests and answers; None for none.
        compared: The other model; None for none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name_of: Construct,
        model: HostedModel,
        key: kms.IKey,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        machines: Machines,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey | None,
        capture: DataCapture | None,
        rollout: Rollout | None,
        latency_limit: Duration | None,
        network_access_reason: str | None,
        removal_policy: RemovalPolicy,
        async_config: dict[str, object] | None = None,
        other_faults: list[str] | None = None,
        comparison: Comparison | None = None,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::SageMaker::Endpoint")
        types = machines.types
        # A canary of one machine would be all of it.
        steps = machines.instances.minimum > 1 and comparison is None
        chosen = rollout or (Rollout.canary() if steps else Rollout.all_at_once())
        faults = [
            *machines.faults(allows_zero=async_config is not None),
            *chosen.faults(),
            *reason_faults(network_access_reason),
            *([] if capture is None else capture.faults()),
            *model_faults(self, model),
            *(fault for machine in types for fault in compatibility.faults(model, machine, machines.host)),
            *(other_faults or []),
            *([] if comparison is None else [*comparison.faults(chosen), *model_faults(self, comparison.model)]),
        ]
        if faults:
            raise EndpointError(faults)
        self.capture = capture
        self.endpoint_name = born_name(name_of)
        self.endpoint_arn = Stack.of(self).format_arn(
            service="sagemaker", resource="endpoint", resource_name=self.endpoint_name
        )
        self.metrics = EndpointMetrics({"EndpointName": self.endpoint_name, "VariantName": VARIANT})
        self.hosting = Hosting(self, "Hosting", vpc=vpc, subnets=subnets, network_access_reason=network_access_reason)
        self.log_group = log_group(
            self,
            "Logs",
            f"{_LOGS}{self.endpoint_name}",
            key=log_key or key,
            retention=log_retention,
            removal_policy=removal_policy,
        )
        self.hosting.role.write_logs(self.log_group)
        models = self.hosting.models(self, model, types)
        variant = machines.render(
            VARIANT,
            [(model.on(machine).image, machine) for machine in types],
            {name: made.attr_model_name for name, made in models.items()},
        )
        beside = None if comparison is None else self._beside(comparison)
        if comparison is not None:
            variant["initialVariantWeight"], _ = comparison.weights
        self.cfn_endpoint_config = EndpointConfig(
            self,
            "Config",
            machines=machines,
            variant=variant,
            key=key,
            hosting=self.hosting,
            capture=capture,
            holds_components=False,
            async_config=async_config,
            challenger=None if comparison is None or comparison.is_shadow else beside,
            shadow=beside if comparison is not None and comparison.is_shadow else None,
        ).resource
        if comparison is not None and not comparison.is_shadow and machines.instances.minimum > 1:
            single = comparison.machines.instances
            if single.reason is not None and single.minimum < 2:
                acknowledge(self.cfn_endpoint_config, "GENAI-SAGEMAKER-05", reason=single.reason)
        self.rollback = RollbackAlarms(self, "Rollback", metrics=self.metrics, latency_limit=latency_limit)
        alarms = list(self.rollback.names)
        self.compared: ComparedModel | None = None
        if comparison is not None:
            self.compared = ComparedModel(self.endpoint_name, comparison.variant)
            if not comparison.is_shadow:
                # What reaches nobody takes nothing back.
                others = RollbackAlarms(
                    self, "ComparedRollback", metrics=self.compared.metrics, latency_limit=latency_limit
                )
                alarms += others.names
        self.cfn_endpoint = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=self.cfn_endpoint_config.attr_endpoint_config_name,
            deployment_config=chosen.render(alarms),
        )
        self.cfn_endpoint.node.add_dependency(self.log_group, self.hosting.role)
        self._key, self._deployment = key, chosen.render(alarms)
        self._model_count = len({made.node.path for made in models.values()})

    def _beside(self, comparison: Comparison) -> dict[str, object]:
        types = comparison.machines.types
        models = self.hosting.models(Construct(self, "Compared"), comparison.model, types)
        variant = comparison.machines.render(
            comparison.variant,
            [(comparison.model.on(machine).image, machine) for machine in types],
            {name: made.attr_model_name for name, made in models.items()},
        )
        return {**variant, "initialVariantWeight": comparison.weights[1]}

    @property
    def promotable(self) -> Promotable:
        """What a promotion has to know to serve another model here."""
        config = self.cfn_endpoint_config
        stated = {
            "KmsKeyId": config.kms_key_id,
            "DataCaptureConfig": config.data_capture_config,
            "MetricsConfig": config.metrics_config,
            "AsyncInferenceConfig": config.async_inference_config,
        }
        return Promotable(
            endpoint_name=self.endpoint_name,
            component_name=None,
            changed_arn=self.endpoint_arn,
            starting=config.attr_endpoint_config_name,
            starting_arn=config.attr_endpoint_config_arn,
            config_members=[name for name, value in stated.items() if value is not None],
            update=endpoint_update(self._deployment),
            go_back=endpoint_return(),
            key=self._key,
            execution_role=self.hosting.role,
            vpc_config=self.hosting.vpc_config,
            is_isolated=self.hosting.is_isolated,
            rollback_alarms=self.rollback.alarms,
            faults=[
                *one_model_faults(self._model_count),
                # It serves one model, and would end a comparison without a word.
                *([] if self.compared is None else ["another model is compared beside it: take comparison out first"]),
            ],
        )
