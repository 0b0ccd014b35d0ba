"""The page about uploads says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from genai_layers.application.document_upload import ROUTES
from genai_layers.application.upload_values import UploadLimits
from genai_layers.runtime.document_scan.refusal import Reason
from genai_layers.runtime.documents.model import Progress

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "uploads.md").read_text(encoding="utf-8")


def test_every_reason_status_route_and_limit_is_named() -> None:
    """Nothing is left out of a table."""
    names = [*(one.value for one in Reason), *(one.value for one in Progress), *ROUTES, *UploadLimits.__slots__]

    assert [name for name in names if f"`{name}`" not in TEXT] == []


@pytest.mark.synth
def test_the_example_synthesizes() -> None:
    """It stands alone."""
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    scope: dict[str, object] = {}

    exec(compile(code, "uploads.md", "exec"), scope)  # noqa: S102 -- the example itself

    template = scope["app"].synth().get_stack_by_name("Chat").template  # type: ignore[attr-defined]
    assert any(one["Type"] == "AWS::Events::Rule" for one in template["Resources"].values())
