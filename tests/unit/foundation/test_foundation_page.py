"""What the page about the foundation says can be run, and it names every use of a key."""

import re
from pathlib import Path

import pytest

from genai_layers.foundation import KeyUse

PAGE = Path("docs/foundation.md")

pytestmark = [pytest.mark.synth, pytest.mark.tool]


def test_the_examples_run_one_after_another() -> None:
    """Each block of the page continues the one before, as a reader would paste them."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S))
    scope: dict[str, object] = {}

    exec(compile(code, str(PAGE), "exec"), scope)  # noqa: S102 - the page's own examples

    decision = scope["decision"]
    assert decision.allowed is False  # type: ignore[attr-defined]


def test_every_use_of_a_key_is_on_the_page() -> None:
    """A use that is not explained is one that nobody chooses."""
    text = PAGE.read_text(encoding="utf-8")
    missing = [name for name, use in vars(KeyUse).items() if isinstance(use, KeyUse) and f"`{name}`" not in text]

    assert missing == []
