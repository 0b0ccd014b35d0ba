"""The page about agents and its example: what they show runs, is clean, and starts at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer
from importlib import util
from pathlib import Path

import pytest

from genai_layers.platform import agents

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "agent"
FLAGS = json.loads((EXAMPLE / "cdk.json").read_text(encoding="utf-8"))["context"]


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code as `cdk synth` would run an app: with the flags of its cdk.json, in a process of its own."""
    environment = {
        **os.environ,
        "CDK_CONTEXT_JSON": json.dumps(FLAGS),
        "CDK_OUTDIR": str(folder / "cdk.out"),
        "PYTHONPATH": str(ROOT / "constructs"),
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.synth
@pytest.mark.parametrize(("name", "count"), [("agents.md", 3), ("prompts.md", 2)])
def test_the_page_runs_from_top_to_bottom(name, count, tmp_path):
    """All blocks of the page together make an app that synthesizes."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)

    result = run("\n".join([*blocks, "app.synth()"]), tmp_path)

    assert result.returncode == 0, result.stderr
    assert len(blocks) == count


@pytest.mark.synth
def test_the_example_is_clean_under_every_check(tmp_path):
    """The example attaches the checks itself, so it exits 0 only without a finding."""
    result = run((EXAMPLE / "app.py").read_text(encoding="utf-8"), tmp_path)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cdk.out" / "Agent.template.json").is_file()


def test_every_public_name_of_the_agents_is_documented():
    """A name that is exported says what it is, and the page says when to use it."""
    page = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")

    assert [name for name in agents.__all__ if not (getattr(agents, name).__doc__ or "").strip()] == []
    assert [name for name in agents.__all__ if name not in page and name not in _NAMED_BY_OTHERS] == []


_NAMED_BY_OTHERS = {"AgentError", "Collaboration", "ParameterType"}
"""What a caller meets only through another name: an error, and values with a default."""


@pytest.fixture
def served():
    """Return the example's agent behind an address, and its module."""
    spec = util.spec_from_file_location("example_agent", EXAMPLE / "container" / "agent.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = ThreadingHTTPServer(("127.0.0.1", 0), module.Agent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield module, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def asked(url: str, body: bytes | None = None) -> tuple[int, dict]:
    """Return status and body of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=5) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_case_76_an_agent_listens_before_it_loads_anything_large():
    """The service gives up after 60 seconds; nothing but the standard library stands before the server."""
    code = (
        f"import sys, runpy; runpy.run_path({str(EXAMPLE / 'container' / 'agent.py')!r}); print('boto3' in sys.modules)"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=10)

    assert result.stdout.strip() == "False"


def test_case_76_a_ping_is_answered_without_a_client(served):
    """Health says that the process lives, not that a model answers."""
    module, address = served

    assert asked(f"{address}/ping") == (200, {"status": "Healthy"})
    assert module.bedrock.cache_info().currsize == 0


def test_the_agent_of_the_example_asks_the_model_with_the_guardrail(served, monkeypatch):
    """The question is marked as input, so that the guardrail judges it."""
    module, address = served
    requests = []

    class Bedrock:
        def converse(self, **request):
            requests.append(request)
            return {"output": {"message": {"content": [{"text": "Yes."}]}}}

    monkeypatch.setattr(module, "bedrock", Bedrock)
    for name in ("MODEL_ID", "GUARDRAIL_ID", "GUARDRAIL_VERSION"):
        monkeypatch.setenv(name, name.lower())

    assert asked(f"{address}/invocations", b'{"prompt": "Is it open?"}') == (200, {"answer": "Yes."})
    assert requests[0]["guardrailConfig"] == {
        "guardrailIdentifier": "guardrail_id",
        "guardrailVersion": "guardrail_version",
    }
    assert "guardContent" in requests[0]["messages"][0]["content"][0]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"prompt": ""}', b'{"prompt": 1}'])
def test_the_agent_of_the_example_says_what_a_question_looks_like(served, body):
    """A wrong body is the caller's, and is not sent on."""
    _, address = served

    status, said = asked(f"{address}/invocations", body)

    assert status == 400
    assert "send" in said["error"]
