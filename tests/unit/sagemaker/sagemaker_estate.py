"""A stack with all that endpoints stand on, and ways to look at what comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from genai_layers import testing
from genai_layers.foundation import (
    AccessLogBucket,
    EncryptionKey,
    KeyUse,
    Network,
    SecureBucket,
    WorkloadRole,
)
from genai_layers.platform.sagemaker import (
    Artifacts,
    AsyncEndpoint,
    Copies,
    DataCapture,
    DedicatedEndpoint,
    EulaAcceptance,
    HostedModel,
    Instances,
    JumpStartModel,
    Machines,
    Mailbox,
    ModelEndpoint,
    PrivateHub,
    ScheduledBounds,
    ServerlessEndpoint,
    admit_jumpstart,
    deny_public_hub,
    engines,
)
from genai_layers.testing.policy import Request, evaluate

ACCOUNT = "111122223333"
ACCEPTED = EulaAcceptance(accepted_by="legal@example.com", accepted_on="2026-11-25")
LLAMA = "meta-textgeneration-llama-3-1-8b-instruct"
IDLE = "Reports are made at night and their reader can wait for a machine"


class Estate:
    """Key, network, buckets and callers; `checked` ones are clean under the packs."""

    def __init__(self, app: cdk.App | None = None, id: str = "Stack", region: str = "us-east-1") -> None:
        self.stack = testing.stack(app, id, region=region)
        self.region = region
        encryption = EncryptionKey(
            self.stack,
            "Key",
            description="models",
            uses=[*ModelEndpoint.REQUIRED_KEY_USES, KeyUse.SNS],
        )
        self.key: kms.IKey = encryption.key
        self._checked = app is not None
        if self._checked:
            log_bucket = AccessLogBucket(self.stack, "AccessLogs").bucket
            self.network = Network(
                self.stack, "Network", flow_log_key=self.key, log_retention=logs.RetentionDays.ONE_YEAR
            )
            self.vpc: ec2.IVpc = self.network.vpc
            self.subnets = self.network.isolated
            self.weights: s3.IBucket = self._bucket("Weights", log_bucket)
            self.mail: s3.IBucket = self._bucket("Mail", log_bucket)
            self.captures: s3.IBucket = self._bucket("Captures", log_bucket)
        else:
            self.vpc = ec2.Vpc.from_vpc_attributes(
                self.stack,
                "Vpc",
                vpc_id="vpc-0123456789abcdef0",
                availability_zones=["a", "b"],
                isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
            )
            self.subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            self.weights = s3.Bucket(self.stack, "Weights", encryption_key=self.key)
            self.mail = s3.Bucket(self.stack, "Mail", encryption_key=self.key)
            self.captures = s3.Bucket(self.stack, "Captures")

    def caller(self, id: str) -> iam.Role:
        """Make a role that asks models."""
        service = iam.ServicePrincipal("lambda.amazonaws.com")
        return WorkloadRole(self.stack, id, assumed_by=service, description="asks models")

    def files(self, name: str) -> Artifacts:
        """Return a folder of the weights."""
        return Artifacts.folder(self.weights, name)

    def llama(self, **props: Any) -> HostedModel:
        """Return a model under vLLM."""
        return engines.vllm("llama", self.files("llama-3.1-8b"), **props)

    def endpoint(self, id: str = "Endpoint", **props: Any) -> ModelEndpoint:
        """Make an endpoint."""
        given = {"machines": Machines(instance_types=["ml.g6e.2xlarge"]), **props}
        return ModelEndpoint(self.stack, id, key=self.key, vpc=self.vpc, subnets=self.subnets, **given)

    def dedicated(self, id: str = "Dedicated", **props: Any) -> DedicatedEndpoint:
        """Make an endpoint for one model."""
        given = {"machines": Machines(instance_types=["ml.g6e.2xlarge"]), "model": self.llama(), **props}
        return DedicatedEndpoint(self.stack, id, key=self.key, vpc=self.vpc, subnets=self.subnets, **given)

    def asynchronous(self, id: str = "Async", **props: Any) -> AsyncEndpoint:
        """Make an endpoint with a queue."""
        given = {
            "machines": Machines(instance_types=["ml.g5.2xlarge"], instances=Instances.scale_to_zero(reason=IDLE)),
            "model": self.llama(),
            "mailbox": Mailbox(bucket=self.mail),
            **props,
        }
        return AsyncEndpoint(self.stack, id, key=self.key, vpc=self.vpc, subnets=self.subnets, **given)

    def serverless(self, id: str = "Serverless", **props: Any) -> ServerlessEndpoint:
        """Make an endpoint without machines."""
        given = {
            "model": engines.embeddings("bge", self.files("bge"), on_cpu=True),
            "memory_mib": 4096,
            "public_network_reason": "Embeds public product texts, holds no secret and calls nobody",
            **props,
        }
        return ServerlessEndpoint(self.stack, id, key=self.key, **given)

    def template(self) -> dict[str, Any]:
        """Synthesize."""
        return testing.template(self.stack)

    def _bucket(self, id: str, access_logs: s3.IBucket) -> s3.Bucket:
        return SecureBucket(self.stack, id, key=self.key, access_logs=access_logs).bucket


@dataclass(frozen=True)
class Rendered:
    """A template, and the constructs that it came from."""

    template: dict[str, Any]
    estate: Estate

    def all(self, type: str, start: str = "") -> dict[str, dict[str, Any]]:
        """Return the resources of a type whose logical id starts as given."""
        found = testing.resources(self.template, type)
        return {name: resource for name, resource in found.items() if name.startswith(start)}

    def one(self, type: str, start: str = "") -> dict[str, Any]:
        """Return the properties of the only such resource; the one that is named so, where others begin so."""
        found = self.all(type, start)
        named = {name: each for name, each in found.items() if re.fullmatch(f"{start}[0-9A-F]{{8}}", name)}
        ((_, resource),) = (named or found).items()
        properties: dict[str, Any] = resource["Properties"]
        return properties

    def allowed(self, role: str, *requests: tuple[str, str, dict[str, str]]) -> list[bool]:
        """Return which of some requests a role of the template may make."""
        resolver = testing.Resolver(template=self.template)
        (logical_id,) = [name for name in self.all("AWS::IAM::Role") if name.startswith(role)]
        policies = testing.policies_of(self.template, logical_id, resolver)
        (key,) = self.all("AWS::KMS::Key", "Key")
        key_policy = testing.key_policy_of(self.template, key, resolver)
        return [
            decision.allowed
            for decision in evaluate(
                [
                    Request(
                        principal=f"arn:aws:iam::{ACCOUNT}:role/caller",
                        action=action,
                        resource=resource,
                        context=context,
                        identity_policies=policies,
                        resource_policy=key_policy if action.startswith("kms:") else None,
                        resource_account=ACCOUNT,
                    )
                    for action, resource, context in requests
                ]
            )
        ]

    def value(self, value: object) -> Any:
        """Return a value of the template without intrinsic functions."""
        return testing.Resolver(template=self.template).resolve(value)


def everything(estate: Estate) -> Rendered:
    """Make one of every kind in one stack."""
    stack = estate.stack
    admit_jumpstart(estate.network.s3_endpoint)
    evening = ScheduledBounds(
        name="evening", expression="cron(0 19 * * ? *)", minimum=0, maximum=0, timezone="Europe/Berlin"
    )
    shared = estate.endpoint(
        "Shared",
        machines=Machines(
            instance_types=["ml.g6e.2xlarge", "ml.g5.4xlarge"],
            instances=Instances.scale_to_zero(reason=IDLE, maximum=4),
        ),
        capture=DataCapture(bucket=estate.captures, sampling_percent=10),
    )
    base = shared.add_model(
        "Llama", engines.lmi("llama", estate.files("llama-3.1-8b"), max_adapters=4), latency_limit=Duration.seconds(20)
    )
    base.add_adapter("Legal", Artifacts.archive(estate.weights, "adapters/legal.tar.gz"))
    second = shared.add_model("Second", estate.llama(), copies=Copies.on_concurrency(0, 2, per_copy=3).at(evening))
    lasting = estate.endpoint("Lasting", machines=Machines(instance_types=["ml.g5.4xlarge"], container_metrics=True))
    lasting.add_model("Pretrained", JumpStartModel.of(stack, LLAMA, eula=ACCEPTED))
    dedicated = estate.dedicated()
    answered = sns.Topic(stack, "Answered", master_key=estate.key, enforce_ssl=True)
    later = estate.asynchronous(mailbox=Mailbox(bucket=estate.mail, answered=answered))
    small = estate.serverless()
    base.grant_invoke(estate.caller("OneModel"))
    shared.grant_invoke(estate.caller("AllModels"))
    second.grant_invoke(estate.caller("SecondModel"))
    dedicated.grant_invoke(estate.caller("Dedicate"))
    later.grant_invoke(estate.caller("Later"))
    small.grant_invoke(estate.caller("Small"))
    hub = PrivateHub(stack, "Hub", description="reviewed models", allowed_models=[LLAMA])
    people = estate.caller("Scientist")
    hub.grant_use(people)
    for statement in deny_public_hub(stack):
        people.add_to_policy(statement)
    hub.grant_curate(estate.caller("Curator"))
    return Rendered(template=estate.template(), estate=estate)
