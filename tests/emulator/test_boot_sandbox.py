"""A machine boots in a folder: it fetches its weights from S3 of the local cloud and serves them by a stub engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_logs as logs
from boot_sandbox import Sandbox

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, SecureBucket
from genai_layers.inference import AcceleratorFleet, ServingEngine, Sglang, Vllm
from tools.local_cloud import LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.ports import free_ports

pytestmark = pytest.mark.emulator

BUCKET = "boot-sandbox-weights"
PREFIX = "llama-3.1-8b"
KEY = "the-key-of-the-sandbox"
# Starts nothing by itself: the tests do, one unit after the other.
ENGINE, READY = "genai-engine.service", "genai-ready.service"


def told(engine: ServingEngine) -> str:
    """Return the user data of a fleet that serves with *engine*, its references still open."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="all", uses=[*AcceleratorFleet.REQUIRED_KEY_USES, KeyUse.LOGS])
    network = Network(stack, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
    network.require(*AcceleratorFleet.REQUIRED_ENDPOINTS)
    access_logs = AccessLogBucket(stack, "AccessLogs")
    AcceleratorFleet(
        stack,
        "Fleet",
        vpc=network.vpc,
        subnets=network.isolated,
        key=key.key,
        model="llama-3.1-8b",
        weights=SecureBucket(stack, "Weights", key=key.key, access_logs=access_logs.bucket).bucket,
        weights_prefix=PREFIX,
        access_logs=access_logs.bucket,
        log_retention=logs.RetentionDays.ONE_YEAR,
        plaintext_reason="a machine in a folder that nobody else can reach",
        engine=engine,
        signals_updates=True,
    )
    (template,) = testing.resources(testing.template(stack), "AWS::EC2::LaunchTemplate").values()
    return _filled(template["Properties"]["LaunchTemplateData"]["UserData"])


def _filled(value: Any) -> str:
    # Weights, secret and ports are set afterwards; whatever else a deploy fills in plays no part here.
    if isinstance(value, dict):
        ((function, inner),) = value.items()
        return (
            "".join(map(_filled, inner[1])) if function == "Fn::Join" else _filled(inner) if "64" in function else "x"
        )
    return str(value)


@pytest.fixture(scope="module")
def user_data() -> dict[str, str]:
    """Return what machines are told whose engine streams its weights, and whose engine reads a copy."""
    return {"streamed": told(Vllm()), "copied": told(Sglang())}


@pytest.fixture(scope="module")
def secret(clients: Clients) -> Iterator[str]:
    """The API key in Secrets Manager, and a bucket beside it with a model."""
    s3, secrets = clients("s3"), clients("secretsmanager")
    s3.create_bucket(Bucket=BUCKET)
    files = {"config.json": b"{}", "model.safetensors": b"weights" * 1000}
    for name, content in files.items():
        s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}", Body=content)
    made: str = secrets.create_secret(Name="boot-sandbox", SecretString=KEY)["ARN"]
    yield made
    secrets.delete_secret(SecretId=made, ForceDeleteWithoutRecovery=True)
    for name in files:
        s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}")
    s3.delete_bucket(Bucket=BUCKET)


class Booted:
    """Makes machines of the fleet in folders of their own."""

    def __init__(self, root: Path, told: dict[str, str], cloud: dict[str, str], secret: str) -> None:
        self._root, self._told, self._cloud, self._secret = root, told, cloud, secret
        self.port, self.health_port = free_ports(2)

    def machine(self, weights: str, *, folder: str = PREFIX) -> Sandbox:
        """Return one whose weights are *weights* and lie in *folder* of the bucket."""
        made = Sandbox(self._root, self._told[weights], self._cloud)
        ports = {"PORT": str(self.port), "HEALTH_PORT": str(self.health_port)}
        made.set("probe.env", **ports)
        made.set("serving.env", **ports, API_KEY_SECRET=self._secret)
        uri = f"s3://{BUCKET}/{folder}/"
        made.set("serving.env", WEIGHTS_URI=uri)
        arguments = made.path("/etc/genai/engine.args")
        lines = [uri if line.startswith("s3://") else line for line in arguments.read_text("utf-8").splitlines()]
        arguments.write_text("\n".join(lines) + "\n", "utf-8")
        return made


@pytest.fixture
def booted(tmp_path: Path, user_data: dict[str, str], cloud: LocalCloud, secret: str) -> Booted:
    """A machine's maker, with the cloud's own environment."""
    return Booted(tmp_path / "machine", user_data, cloud.environment(), secret)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "machine").mkdir()


@pytest.mark.parametrize("weights", ["streamed", "copied"])
def test_a_machine_fetches_its_weights_and_says_that_it_is_ready(booted: Booted, weights: str) -> None:
    """From user data to a model that answers, by the machine's own scripts and units."""
    with booted.machine(weights) as machine:
        fault = machine.start(ENGINE)
        status, text = machine.health(booted.health_port, within_seconds=40)

        assert (fault, status, text) == ("", 200, "the model answers")
        assert machine.models(booted.port, KEY)["object"] == "list"
        copied = machine.path("/data/weights/model.safetensors")
        assert copied.exists() is (weights == "copied")
        assert (machine.path("/run/genai/api-key").stat().st_mode & 0o777) == 0o600


def test_a_ready_machine_signals_and_does_not_mind_that_nobody_waits(booted: Booted) -> None:
    """The cloud refuses a signal for a stack that is not there, as outside an update."""
    with booted.machine("copied") as machine:
        machine.start(ENGINE)
        machine.health(booted.health_port, within_seconds=40)

        machine.start(READY)
        (ready,) = [process for process in machine.running if "ready.sh" in str(process.args)]

        assert ready.wait(timeout=30) == 0
        assert "no update is waiting" in (machine.root / READY).read_text("utf-8")


@pytest.mark.parametrize("weights", ["streamed", "copied"])
def test_a_machine_without_weights_is_never_ready(booted: Booted, weights: str) -> None:
    """Its engine ends, and the probe sends no request its way."""
    with booted.machine(weights, folder="nothing-here") as machine:
        fault = machine.start(ENGINE)
        status, _ = machine.health(booted.health_port, within_seconds=40)

        assert status in {0, 503}
        assert fault or "the engine finds no model" in (machine.root / ENGINE).read_text("utf-8")


@pytest.mark.parametrize(
    ("script", "line", "instead"),
    [
        ("prepare.sh", "aws s3 sync --only-show-errors", "true"),
        ("prepare.sh", "docker pull --quiet", "true"),
        ("serve.sh", '--publish "$PORT:$PORT"', '--publish "1:1"'),
    ],
)
def test_a_broken_script_is_noticed(booted: Booted, script: str, line: str, instead: str) -> None:
    """What this sandbox promises: with any one step gone, no machine is ready."""
    with booted.machine("copied") as machine:
        path = machine.path(f"/opt/genai/{script}")
        text = path.read_text("utf-8")
        assert line in text
        path.write_text(text.replace(line, instead), "utf-8")

        try:
            fault = machine.start(ENGINE)
        except FileNotFoundError as error:
            fault = str(error)

        assert fault or machine.health(booted.health_port, within_seconds=10)[0] != 200
