"""The page about the page says what is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from genai_layers.settings.web_page import WebPageSettings
from genai_layers.web import API_PATHS, PageConfig

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "web.md").read_text(encoding="utf-8")


def test_the_settings_that_are_shown_are_taken() -> None:
    """What is pasted works, and every setting is explained."""
    (shown,) = re.findall(r"```toml\n(.*?)```", TEXT, re.S)

    assert WebPageSettings(**tomllib.loads(shown)["application"]["web_page"]).enabled
    assert [name for name in WebPageSettings.model_fields if f"`{name}`" not in TEXT] == []


def test_every_key_of_the_page_and_every_path_is_named() -> None:
    """Nothing is left out of either table."""
    keys = PageConfig(user_pool_id="r_p", client_id="c", sign_in_url="/").document()
    paths = {f"/{path.split('/')[1]}" for path in API_PATHS}

    assert [key for key in keys if f"`{key}`" not in TEXT] == []
    assert [path for path in paths if f"`{path}" not in TEXT] == []


@pytest.mark.synth
def test_the_example_synthesizes() -> None:
    """It stands alone."""
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    scope: dict[str, object] = {}

    exec(compile(code, "web.md", "exec"), scope)  # noqa: S102 -- the example itself

    template = scope["app"].synth().get_stack_by_name("Chat").template  # type: ignore[attr-defined]
    assert any(one["Type"] == "AWS::CloudFront::Distribution" for one in template["Resources"].values())
