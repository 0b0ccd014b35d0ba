"""Environment files: read whole, refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from genai_layers.settings import Settings, SettingsError, load

ENVIRONMENTS = Path(__file__).resolve().parents[3] / "stacks" / "environments"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "test.toml").write_text('region = "eu-west-1"\n', encoding="utf-8")
    return tmp_path


def faults_of(directory: Path, text: str, **overrides: object) -> dict[str, str]:
    """What loading *text* complains of, by path."""
    (directory / "test.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load("test", directory, overrides)
    return {fault.path: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_every_environment_of_the_app_loads(environment: str) -> None:
    """The committed files have no fault."""
    settings = load(environment, ENVIRONMENTS)

    assert settings.environment == environment


def test_production_keeps_its_data_and_passes_every_pack() -> None:
    """What prod is for is written in its file, not left to a default that may move."""
    prod = load("prod", ENVIRONMENTS)

    assert prod.removal == "retain"
    assert set(prod.compliance.packs) == {"AwsSolutions", "NIST80053R5", "HIPAA", "PCI"}
    assert prod.network.zone_count == 3


def test_a_file_that_says_only_its_region_gets_safe_and_cheap_defaults(directory: Path) -> None:
    """No accelerators, no NAT, data kept, nobody from outside."""
    settings = load("test", directory)

    assert settings.region == "eu-west-1"
    assert settings.removal == "retain"
    assert settings.inference.enabled is False
    assert settings.network.nat_gateways == 0
    assert settings.application.allowed_origins == ()


def test_five_faults_are_five_lines_of_one_error(directory: Path) -> None:
    """Path, value and what is allowed for each, none hidden behind another."""
    text = """
    region = "nowhere"
    removal = "sometimes"
    [network]
    zone_count = 9
    [inference]
    max_model_length = 8192
    [application]
    burst = "many"
    """

    faults = faults_of(directory, text)

    assert set(faults) == {
        "region",
        "removal",
        "network.zone_count",
        "inference.max_model_length",
        "application.burst",
    }
    assert "'retain' or 'destroy'" in faults["removal"]
    assert "'sometimes'" in faults["removal"]
    assert "less than or equal to 4" in faults["network.zone_count"]
    assert "did you mean 'max_model_len'?" in faults["inference.max_model_length"]


def test_the_error_text_names_the_file_and_counts_the_faults(directory: Path) -> None:
    """The message is what a pipeline's log shows."""
    (directory / "test.toml").write_text('removal = "no"', encoding="utf-8")

    with pytest.raises(SettingsError, match=r"test\.toml has 2 faults:\n  - region: is required.*\n  - removal: "):
        load("test", directory)


@pytest.mark.parametrize(("environment", "said"), [(None, "no environment was chosen"), ("porduction", "'porduction'")])
def test_an_unknown_environment_is_answered_with_the_known_ones(
    directory: Path, environment: str | None, said: str
) -> None:
    """The user sees what could have been typed."""
    with pytest.raises(SettingsError, match=f"{said}.*choose one of test"):
        load(environment, directory)


def test_a_file_that_is_not_toml_is_one_fault_with_its_line(directory: Path) -> None:
    """The parser's own place in the file is passed on."""
    faults = faults_of(directory, "region = eu-west-1")

    assert "line 1" in faults["(file)"]


@pytest.mark.parametrize(
    ("key", "raw", "read"),
    [
        ("network.zone_count", "3", lambda s: s.network.zone_count == 3),
        (
            "inference.instance_types",
            '["g5.2xlarge"]',
            lambda s: s.inference.instance_types == ("g5.2xlarge",),
        ),
        ("platform.model", "amazon.nova-pro-v1:0", lambda s: s.platform.model == "amazon.nova-pro-v1:0"),
        ("removal", "destroy", lambda s: s.removal == "destroy"),
        (
            "platform.guardrail.grounding_threshold",
            "0.5",
            lambda s: s.platform.guardrail.grounding_threshold == 0.5,
        ),
    ],
)
def test_an_override_replaces_one_setting(directory: Path, key: str, raw: str, read: object) -> None:
    """`-c key=value` takes TOML values, and plain text where that is meant."""
    settings = load("test", directory, {key: raw})

    assert callable(read)
    assert read(settings)


def test_the_context_of_the_cdk_itself_is_no_override(directory: Path) -> None:
    """Feature flags and look-ups pass by."""
    context = {
        "@aws-cdk/core:flag": True,
        "availability-zones:account=1:region=x": ["a"],
        "cli-telemetry": False,
    }

    assert load("test", directory, context) == load("test", directory)


@pytest.mark.parametrize("key", ["infrence.enabled", "regoin", "network.cidr.first"])
def test_an_override_of_nothing_is_a_fault(directory: Path, key: str) -> None:
    """A misspelt override is never lost."""
    faults = faults_of(directory, 'region = "eu-west-1"\n[network]\ncidr = "10.1.0.0/16"', **{key: "1"})

    assert list(faults) == [key]


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ('[network]\nzone_ids = ["euw1-az1"]', "network", "names 1 zones but zone_count is 2"),
        ("[inference]\nmin_machines = 5", "inference", "min_machines 5 is above max_machines 2"),
        ("[inference]\nenabled = true", "inference", "needs certificate_arn, or plaintext_reason"),
        ('environment = "other"', "environment", "is the file's own name"),
    ],
)
def test_settings_that_contradict_one_another_are_refused(directory: Path, text: str, path: str, said: str) -> None:
    """Both sides of the conflict are named."""
    faults = faults_of(directory, f'region = "eu-west-1"\n{text}')

    assert said in faults[path]


def test_production_cannot_be_set_to_destroy_its_data() -> None:
    """Not even from the command line."""
    with pytest.raises(SettingsError, match="removal 'destroy' is not allowed in prod"):
        load("prod", ENVIRONMENTS, {"removal": "destroy"})


def test_settings_cannot_be_changed_once_loaded(directory: Path) -> None:
    """What was checked is what is built."""
    settings = load("test", directory)

    with pytest.raises(ValueError, match="frozen"):
        settings.region = "us-east-1"  # type: ignore[misc]


def test_every_setting_is_documented() -> None:
    """Each field stands in the `Attributes:` of its table's docstring."""
    undocumented = []

    def visit(model: type) -> None:
        for name, field in model.model_fields.items():  # type: ignore[attr-defined]
            if f"        {name}: " not in (model.__doc__ or ""):
                undocumented.append(f"{model.__name__}.{name}")
            if hasattr(field.annotation, "model_fields"):
                visit(field.annotation)

    visit(Settings)

    assert undocumented == []
