"""A small estate for fleets, the kinds of fleet that tests look at, and templates with their references filled in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns

from genai_layers import testing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.models import ServedModel
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.inference import (
    AcceleratorFleet,
    Capacity,
    ContainerImage,
    CustomEngine,
    FastStart,
    HostImage,
    Hours,
    Probe,
    ScaleToZero,
    Scaling,
    Sglang,
    TextEmbeddings,
    VllmNeuron,
)

ACCOUNT = testing.ACCOUNT
REASON = "requests stay between two private subnets of one test network"
EMBEDDINGS = ServedModel(
    id="e5-large",
    repository="example/e5-large",
    parameters=560_000_000,
    active_parameters=560_000_000,
    layers=24,
    hidden_size=1024,
    attention_heads=16,
    kv_heads=16,
    head_dim=64,
    context=512,
    licence="MIT",
)

PINNED = HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, cuda="13.2")
PREPARED = FastStart(
    data_snapshot="snap-0123456789abcdef0",
    data_size=cdk.Size.gibibytes(60),
    warm_up=cdk.Duration.minutes(2),
    initialization_rate=cdk.Size.mebibytes(300),
)

HOURS = Hours(opens="07:30", closes="19:00", time_zone="Europe/Berlin")
SLEEP = ScaleToZero.outside(HOURS, idle=cdk.Duration.minutes(45))


class Estate:
    """A stack with all that a fleet needs of others."""

    def __init__(self, app: cdk.App | None = None, id: str = "Stack", region: str = testing.REGION) -> None:
        self.stack = testing.stack(app, id, region)
        self.key = EncryptionKey(
            self.stack, "Key", description="everything", uses=[*AcceleratorFleet.REQUIRED_KEY_USES, KeyUse.LOGS]
        )
        self.network = Network(
            self.stack, "Network", flow_log_key=self.key.key, log_retention=logs.RetentionDays.ONE_YEAR
        )
        self.network.require(*AcceleratorFleet.REQUIRED_ENDPOINTS)
        self.logs = AccessLogBucket(self.stack, "AccessLogs")
        self.weights = SecureBucket(self.stack, "Weights", key=self.key.key, access_logs=self.logs.bucket)
        self.repository = ecr.Repository.from_repository_name(self.stack, "Repository", "cache/neuron/vllm")
        self.certificate = acm.Certificate.from_certificate_arn(
            self.stack,
            "Certificate",
            f"arn:aws:acm:{region}:{ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555",
        )

    def fleet(self, id: str = "Fleet", **changed: Any) -> AcceleratorFleet:
        """Return a fleet in plain HTTP that differs from the simplest one in *changed*."""
        props: dict[str, Any] = {
            "vpc": self.network.vpc,
            "subnets": self.network.isolated,
            "key": self.key.key,
            "model": "llama-3.1-8b",
            "weights": self.weights.bucket,
            "weights_prefix": "llama-3.1-8b",
            "access_logs": self.logs.bucket,
            "log_retention": logs.RetentionDays.ONE_YEAR,
            "plaintext_reason": REASON,
        }
        return AcceleratorFleet(self.stack, id, **{**props, **changed})

    def neuron(self) -> VllmNeuron:
        """Return vLLM on Neuron, from a repository of one's own."""
        image = ContainerImage.private(
            self.repository, "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04", vendor=Vendor.NEURON
        )
        return VllmNeuron(image=image)


def _https(estate: Estate) -> None:
    zone = route53.HostedZone.from_hosted_zone_attributes(
        estate.stack, "Zone", hosted_zone_id="Z0123456789ABC", zone_name="example.com"
    )
    caller = iam.Role(estate.stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    fleet = estate.fleet(
        plaintext_reason=None, certificate=estate.certificate, domain_name="models.example.com", hosted_zone=zone
    )
    fleet.grant_invoke(caller)


def _custom(estate: Estate) -> None:
    engine = CustomEngine(
        image=ContainerImage.private(estate.repository, "1.4.2", cuda="13.0"),
        port=9000,
        health=Probe(path="/v1/ask", body='{"model": "{model_id}"}', progress_metrics=("done_total",)),
        request_paths=("/v1/ask",),
        api_key_variable="MY_API_KEY",
        arguments=("--model={weights_uri}", '--limits={"tokens": {max_model_len}}'),
        environment={"DEGREE": "{tensor_parallel}"},
    )
    estate.fleet(engine=engine)


VARIANTS: Mapping[str, Callable[[Estate], object]] = {
    "https": _https,
    "plain": lambda estate: estate.fleet(),
    "destroyed": lambda estate: estate.fleet(removal_policy=cdk.RemovalPolicy.DESTROY, min_machines=0),
    # The variant with the most to say to its machines.
    "spot": lambda estate: estate.fleet(
        capacity=Capacity.spot(on_demand_machines=1), max_machines=4, signals_updates=True
    ),
    "signalled": lambda estate: estate.fleet(
        signals_updates=True, notifications=sns.Topic(estate.stack, "Topic", master_key=estate.key.key)
    ),
    "reserved": lambda estate: estate.fleet(capacity=Capacity.reserved("cr-0123456789abcdef0")),
    "block": lambda estate: estate.fleet(
        instance_types=["p5.48xlarge"], capacity=Capacity.capacity_block("cr-0123456789abcdef0")
    ),
    "latency": lambda estate: estate.fleet(scaling=Scaling.on_load(time_to_first_token=2.0)),
    "requests": lambda estate: estate.fleet(scaling=Scaling.on_requests(90)),
    "large": lambda estate: estate.fleet(model="llama-3.1-70b", instance_types=["g6e.12xlarge", "g6e.24xlarge"]),
    "pinned": lambda estate: estate.fleet(machine_image=PINNED),
    "sglang": lambda estate: estate.fleet(engine=Sglang()),
    "embeddings": lambda estate: estate.fleet(engine=TextEmbeddings(), model=EMBEDDINGS, max_model_len=512),
    "neuron": lambda estate: estate.fleet(engine=estate.neuron()),
    "sleeping": lambda estate: estate.fleet(scale_to_zero=SLEEP),
    "custom": _custom,
    "prepared": lambda estate: estate.fleet(engine=estate.neuron(), fast_start=PREPARED),
    "warm": lambda estate: estate.fleet(
        machine_image=PINNED,
        fast_start=FastStart(image_on_machine=True, initialization_rate=cdk.Size.mebibytes(300), warm_machines=2),
    ),
}
"""Every kind of fleet that a test looks at, by name."""


def fill(value: Any, region: str = testing.REGION, partition: str = "aws") -> Any:
    """Return *value* with its intrinsic functions filled in as after a deploy."""
    pseudo = {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackId": f"arn:{partition}:cloudformation:{region}:{ACCOUNT}:stack/Stack/1",
        "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
    }

    def walk(item: Any) -> Any:
        if isinstance(item, list):
            return [walk(part) for part in item]
        if not isinstance(item, dict):
            return item
        if set(item) == {"Ref"}:
            return pseudo.get(item["Ref"]) or f"ref-{item['Ref']}"
        if set(item) == {"Fn::GetAtt"}:
            name, attribute = item["Fn::GetAtt"]
            services = {
                "Weights": "s3:::",
                "Key": f"kms:{region}:{ACCOUNT}:key/",
                "FleetHostsCluster": f"ecs:{region}:{ACCOUNT}:cluster/",
            }
            service = next((found for word, found in services.items() if name.startswith(word)), "made:::")
            return f"arn:{partition}:{service}{name}" if attribute == "Arn" else f"{name}.{attribute}"
        if set(item) == {"Fn::Join"}:
            separator, parts = item["Fn::Join"]
            return separator.join(str(walk(part)) for part in parts)
        if set(item) == {"Fn::Base64"}:
            return walk(item["Fn::Base64"])
        return {key: walk(part) for key, part in item.items()}

    return walk(value)


def only(template: testing.Template, type: str) -> dict[str, Any]:
    """Return the properties of the one resource of *type* in *template*."""
    (resource,) = testing.resources(template, type).values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def user_data(template: testing.Template) -> str:
    """Return the user data of the one launch template of *template*, as a machine gets it."""
    data: str = fill(only(template, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]["UserData"])
    return data


def boot_files(template: testing.Template) -> dict[str, str]:
    """Return the files that a machine of *template* writes at launch, by path."""
    document = json.loads(user_data(template).split("\n", 1)[1])
    return {file["path"]: file["content"] for file in document["write_files"]}
