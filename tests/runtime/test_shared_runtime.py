"""Settings from the environment, logs without user text, metrics in the log, and code that travels alone."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from genai_layers.runtime.chat import settings
from genai_layers.runtime.shared import log
from genai_layers.runtime.shared.env import Environment, MissingSettingError
from genai_layers.runtime.shared.log import Unit, UnknownFieldError
from tests.runtime.fakes import Chat, FakeModel, blocked

RUNTIME = Path(settings.__file__).parent.parent
FILES = sorted(
    file for folder in ("chat", "erasure", "shared", "streaming") for file in (RUNTIME / folder).glob("*.py")
)

GOOD = {
    "MODEL_ID": "m",
    "GUARDRAIL_ID": "g",
    "GUARDRAIL_VERSION": "1",
    "KNOWLEDGE_BASE_ID": "k",
    "TABLE_NAME": "t",
    "AWS_LAMBDA_FUNCTION_NAME": "f",
    "ALLOWED_CLIENTS": "c",
    "MAX_OUTPUT_TOKENS": "1024",
    "PASSAGES": "5",
    "HISTORY_EXCHANGES": "6",
    "RETENTION_DAYS": "30",
}


def test_settings_are_read_once_and_typed() -> None:
    """Numbers are numbers; what is absent is None."""
    read = settings.read(Environment({**GOOD, "INPUT_USD_PER_MILLION": "0.06", "LINK_HOSTS": "a.example b.example"}))

    assert (read.max_output_tokens, read.input_usd_per_million) == (1024, Decimal("0.06"))
    assert (read.output_usd_per_million, read.user_tokens_per_day, read.instructions) == (None, None, None)
    assert read.link_hosts == ("a.example", "b.example")


def test_every_missing_setting_is_named_at_once() -> None:
    """A deploy is fixed in one go."""
    broken = {**GOOD, "PASSAGES": "0", "RETENTION_DAYS": "many", "OUTPUT_USD_PER_MILLION": "-1"}
    del broken["MODEL_ID"], broken["HISTORY_EXCHANGES"]

    with pytest.raises(MissingSettingError) as caught:
        settings.read(Environment(broken))

    assert str(caught.value).split("; ") == [
        "MODEL_ID is not set: give it in the function's environment",
        "PASSAGES is '0': give a whole number of at least 1",
        "HISTORY_EXCHANGES is not set: give a whole number of at least 0",
        "RETENTION_DAYS is 'many': give a whole number of at least 1",
        "OUTPUT_USD_PER_MILLION is '-1': give a number of at least 0",
    ]


@pytest.mark.parametrize("value", ["nan", "Infinity", "1e", "²", ""])
def test_a_price_is_a_number(value: str) -> None:
    """Text that only looks like a number is refused, an empty one is absent."""
    environment = Environment({"PRICE": value})

    assert environment.optional_decimal("PRICE") is None
    if value:
        with pytest.raises(MissingSettingError):
            environment.check()


def test_a_log_line_holds_listed_fields_only(capsys: pytest.CaptureFixture[str]) -> None:
    """A field that is not listed, or is as long as a text, is refused before it is written."""
    with pytest.raises(UnknownFieldError, match=r"'question' is not listed.*'user' has 129 characters"):
        log.event("x", question="How much do I earn?", user="u" * 129)

    assert capsys.readouterr().out == ""


def test_an_answer_is_logged_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers, names and ids; neither the question nor the answer nor a passage."""
    chat = Chat(FakeModel(blocked("I may not say.")))

    chat.ask("a very private question")

    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]
    answered = next(line for line in lines if line.get("event") == "request_answered")
    assert answered["user"] == "ada"
    assert answered["stop"] == "guardrail"
    assert answered["interventions"] == ["contentPolicy:BLOCKED"]
    for text in ("private", "I may not say", "28 days"):
        assert text not in out


def test_metrics_are_in_the_embedded_format(capsys: pytest.CaptureFixture[str]) -> None:
    """Every metric that the directive names is at the root with a number."""
    log.metrics("Space", {"FunctionName": "f"}, {"Tokens": (Unit.COUNT, 3), "Usd": (Unit.NONE, 0.5)})

    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Space"
    assert directive["Dimensions"] == [["FunctionName"]]
    assert {metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]} == {"Tokens": 3, "Usd": 0.5}
    assert line["FunctionName"] == "f"


def test_an_intervention_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The alarm on interventions has something to count."""
    Chat(FakeModel(blocked())).ask("x")

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counted = next(line for line in lines if "Answers" in line)
    assert (counted["Answers"], counted["GuardrailInterventions"]) == (1, 1)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_imports_are_relative_or_of_the_standard_library(file: Path) -> None:
    """The folder is shipped alone, where nothing but boto3 is installed."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    absolute = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and node.level == 0
            else []
        )
    }
    borders = ("aws.py", "clients.py", "dynamodb.py")
    allowed = set(sys.stdlib_module_names) | ({"botocore"} if file.name in borders else set())

    assert absolute <= allowed
    assert ("os" in absolute) <= (file.name == "env.py")


def test_the_handler_starts_where_it_is_deployed(tmp_path: Path) -> None:
    """Imported as Lambda does, from a folder that holds `runtime/` alone, without boto3 until it is needed."""
    shutil.copytree(RUNTIME, tmp_path / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import sys, runtime.chat.handler as h;"
        "assert 'botocore' not in sys.modules and 'boto3' not in sys.modules;"
        "assert not any(name.startswith('genai_layers') for name in sys.modules);"
        "import runtime.erasure.handler;"
        "assert 'botocore' not in sys.modules;"
        "import runtime.chat.wiring;"
        "print(h.handler.__module__)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.strip(), done.stderr) == ("runtime.chat.handler", "")
