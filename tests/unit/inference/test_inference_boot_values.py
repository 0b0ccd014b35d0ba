"""What boot files may hold, so that what lands on a machine means what was meant."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from genai_layers.inference import BootError
from genai_layers.inference.user_data import Boot

pytestmark = pytest.mark.synth

BOOT = Path(str(resources.files("genai_layers.inference").joinpath("boot")))


@pytest.mark.parametrize("script", sorted(BOOT.glob("*")), ids=lambda path: path.name)
def test_no_boot_file_has_a_line_that_only_looks_like_a_comment(script):
    """Comments stay behind to save room, which is safe only while no here-document holds a line with a hash."""
    text = script.read_text(encoding="utf-8")

    assert "<<" not in text.replace("<<<", "")
    assert text.count('"""') in {0, 2}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"serving": {"IMAGE": "it's"}}, 'variable IMAGE is "it\'s": leave out single quotes and line breaks'),
        ({"container": {"A": "b\nc"}}, "variable A of the container is 'b\\nc': leave out line breaks"),
        ({"arguments": ["--a\n--b"]}, "argument '--a\\n--b' of the engine has a line break"),
        ({"arguments": ["x" * 9000]}, "and EC2 takes 16384: give the engine fewer or shorter arguments"),
    ],
)
def test_a_value_that_a_file_cannot_carry_is_refused(changed, reason):
    """Rather than quoted in a way that one reader of three understands."""
    props = {
        "serving": {},
        "probe": {},
        "container": {},
        "arguments": [],
        "log_group": "l",
        "fleet": "f",
        "port": 1,
        "probe_port": 2,
    }

    with pytest.raises(BootError) as caught:
        Boot(**{**props, **changed}).cloud_config()

    assert reason in str(caught.value)
