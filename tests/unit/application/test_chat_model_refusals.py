"""A chat is refused models that go not together, in the words of the prop."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers.application import ChatServiceError, Priced, TokenPrice
from genai_layers.platform import FoundationModel
from tests.unit.application.conftest import MODEL, make_estate
from tests.unit.application.models_of_ours import OurEndpoint, OurFleet

pytestmark = pytest.mark.synth


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"model": None}, "neither model nor models is given"),
        ({"models": {"a": "bedrock"}}, "both model and models are given"),
        ({"model": None, "models": {"auto": "bedrock"}}, "models holds the name 'auto'"),
        ({"model": None, "models": {"A b": "bedrock"}}, "models holds the name 'A b': give 1 to 40"),
        ({"model": None, "models": {f"m{n}": "bedrock" for n in range(7)}}, "holds 7 models: give at most 6"),
        ({"model": None, "models": {"a": "nothing"}}, "model 'a' is no model"),
        ({"model": None, "models": {"a": "plain"}}, "model 'a' is reached without TLS"),
        ({"model": None, "models": {"a": "free"}}, "model 'a' has input_usd_per_million 'x'"),
        ({"model": None, "models": {"a": "bedrock"}, "allowed_models": {"x": ["b"]}}, "lets 'x' use 'b': give names"),
        ({"allowed_models": {"x": ["b"]}}, "lets 'x' use 'b': give names of models, which are none"),
        ({"model": None, "models": {"a": "bedrock"}, "max_output_tokens": 10**6}, f"the most that {MODEL} writes"),
    ],
)
def test_refuses_models_that_go_not_together(changes: dict[str, Any], fault: str) -> None:
    """In the words of the prop."""
    made = make_estate()
    kinds: dict[str, Any] = {
        "bedrock": FoundationModel.of(made.stack, MODEL),
        "nothing": object(),
        "plain": OurFleet(made, "http://llama.example.com"),
        "free": Priced(
            model=OurEndpoint(made), price=TokenPrice(input_usd_per_million="x", output_usd_per_million="0")
        ),
    }
    if changes.get("models"):
        changes = {**changes, "models": {name: kinds[kind] for name, kind in changes["models"].items()}}

    with pytest.raises(ChatServiceError, match=fault):
        made.chat("Wrong", **changes)
