"""Another team's app imports the constructs: none of our stacks, flags, checks or settings are there."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers.application import Api, ChatService, UserDirectory
from genai_layers.foundation import AccessControl, AccessLogBucket, AuditTrail, EncryptionKey, Network, SecureBucket
from genai_layers.inference import AcceleratorFleet
from genai_layers.jobs import IngestionJob
from genai_layers.operations import Monitoring, SpendBudget
from genai_layers.platform import FoundationModel, Guardrail, KnowledgeBase

pytestmark = pytest.mark.synth

RETENTION = logs.RetentionDays.ONE_YEAR


@pytest.fixture(scope="module", params=["us-east-1", "eu-central-1", None])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Everything in one stack of a bare app; without a region, what needs no facts about one."""
    out = tmp_path_factory.mktemp("foreign")
    app = cdk.App(outdir=str(out), builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Theirs", env=cdk.Environment(region=request.param))
    key = EncryptionKey(
        stack,
        "Key",
        description="everything",
        uses=(
            *AcceleratorFleet.REQUIRED_KEY_USES,
            *KnowledgeBase.REQUIRED_KEY_USES,
            *IngestionJob.REQUIRED_KEY_USES,
            *ChatService.REQUIRED_KEY_USES,
            *ChatService.REQUIRED_LOG_KEY_USES,
        ),
    ).key
    access_logs = AccessLogBucket(stack, "AccessLogs").bucket
    SecureBucket(stack, "Data", key=key, access_logs=access_logs)
    AccessControl(stack, "Access", trusted=[iam.AccountRootPrincipal()], mfa_max_age=cdk.Duration.hours(1))
    AuditTrail(stack, "Audit", key=key, access_logs=access_logs, log_retention=RETENTION)
    network = Network(stack, "Network", flow_log_key=key, log_retention=RETENTION)
    monitoring = Monitoring(stack, "Monitoring", key=key)
    SpendBudget(stack, "Budget", monthly_usd=100, topic=monitoring.topic)
    if request.param is not None:
        network.require(*AcceleratorFleet.REQUIRED_ENDPOINTS, *ChatService.REQUIRED_ENDPOINTS)
        AcceleratorFleet(
            stack,
            "Fleet",
            vpc=network.vpc,
            subnets=network.isolated,
            key=key,
            model="llama-3.1-8b",
            instance_types=["g6.xlarge"],
            weights=SecureBucket(stack, "Weights", key=key, access_logs=access_logs).bucket,
            weights_prefix="llama",
            access_logs=access_logs,
            log_retention=RETENTION,
            plaintext_reason="this template is never deployed, it only has to be made",
        )
        model = FoundationModel.of(stack, "amazon.nova-lite-v1:0")
        guardrail = Guardrail(stack, "Guardrail", key=key)
        knowledge = KnowledgeBase(stack, "Knowledge", key=key, access_logs=access_logs)
        IngestionJob(stack, "Ingestion", knowledge_base=knowledge, key=key)
        api = Api(stack, "Api", directory=UserDirectory(stack, "Directory"), log_key=key)
        ChatService(
            stack,
            "Chat",
            vpc=network.vpc,
            key=key,
            log_key=key,
            model=model,
            guardrail=guardrail,
            knowledge_base=knowledge,
            api=api,
        )
    app.synth()
    written: dict[str, object] = json.loads((Path(out) / "Theirs.template.json").read_text(encoding="utf-8"))
    return written


def test_every_construct_synthesizes_without_our_flags(template: dict[str, object]) -> None:
    """A plain `App()` reads no `cdk.json`: nothing of ours may hang on a feature flag, an account or a region."""
    resources = template["Resources"]

    assert isinstance(resources, dict)
    assert len(resources) > 40


def test_nothing_is_named_physically(template: dict[str, object]) -> None:
    """Two copies in one account must not collide; a name is set only where CloudFormation makes it required."""
    named = {
        f"{resource['Type']}.{name}"
        for resource in template["Resources"].values()  # type: ignore[attr-defined]
        for name, value in resource.get("Properties", {}).items()
        if isinstance(value, str)
        and name
        in {
            "AlarmName",
            "BucketName",
            "ClientName",
            "DashboardName",
            "FunctionName",
            "IndexName",
            "KnowledgeBaseName",
            "LogGroupName",
            "ManagedPolicyName",
            "QueueName",
            "RoleName",
            "StateMachineName",
            "TableName",
            "TopicName",
            "TrailName",
            "UserPoolName",
            "VectorBucketName",
        }
    }

    assert named == set()


def test_no_partition_and_no_account_is_written_by_hand(template: dict[str, object]) -> None:
    """Partition and account come from the deploy."""
    text = json.dumps(template)

    assert '"arn:aws:' not in text.replace("arn:aws:apigateway", "")
    assert "111122223333" not in text
