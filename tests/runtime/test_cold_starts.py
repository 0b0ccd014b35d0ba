"""Every function starts light, and its clients are made once and give up in time."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from genai_layers import runtime
from genai_layers.runtime.shared import clients

RUNTIME = Path(runtime.__file__).parent
FUNCTIONS = sorted(file.parent.name for file in RUNTIME.glob("*/handler.py"))
MAKES_CLIENTS = {"shared/clients.py", "chat/aws.py"}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the code as it is deployed."""
    folder = tmp_path_factory.mktemp("task")
    shutil.copytree(RUNTIME, folder / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_is_imported_without_the_sdk(function: str, deployed: Path) -> None:
    """What is refused before AWS is needed, is refused without half of a cold start."""
    code = (
        f"import sys, runtime.{function}.handler as module\n"
        "print(callable(module.handler), sorted({name.split('.')[0] for name in sys.modules} & {'boto3', 'botocore'}))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=deployed,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.strip(), done.stderr) == ("True []", ""), f"{function} loads the SDK on import"


def test_clients_are_made_in_two_places_only() -> None:
    """Both bound the time and the tries; nothing else asks the SDK for a client."""
    makers = set()
    for file in RUNTIME.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        names = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
        if names & {"create_client", "resource", "Session"} or "boto3" in file.read_text(encoding="utf-8"):
            makers.add(file.relative_to(RUNTIME).as_posix())

    assert makers == MAKES_CLIENTS


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region and keys, as Lambda gives them."""
    for name, value in (("REGION", "us-east-1"), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b")):
        monkeypatch.setenv(f"AWS_{name}" if name != "REGION" else "AWS_DEFAULT_REGION", value)
    clients.client.cache_clear()


@pytest.mark.usefixtures("region")
def test_a_client_is_made_once_and_gives_up_in_time() -> None:
    """One a process and service; waits and tries have a bound, and waits between tries grow with jitter."""
    first, second = clients.client("s3"), clients.client("s3")

    config = first.meta.config
    assert first is second
    assert (config.connect_timeout, config.read_timeout) == (clients.CONNECT_SECONDS, clients.READ_SECONDS)
    assert config.retries == {"mode": "standard", "total_max_attempts": clients.ATTEMPTS}


@pytest.mark.usefixtures("region")
def test_tries_are_spread() -> None:
    """Callers who were refused together do not come back together: botocore draws each wait at random."""
    from botocore.retries.standard import ExponentialBackoff

    waits = {ExponentialBackoff().delay_amount(_Refused()) for _ in range(8)}

    assert len(waits) == 8
    assert max(waits) <= 20


class _Refused:
    attempt_number = 3
    http_response = None
