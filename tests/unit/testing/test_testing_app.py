"""The App and Stack of tests behave as under `cdk synth`, and leave nothing behind."""

import json
from pathlib import Path

import pytest
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.testing.app import feature_flags

pytestmark = pytest.mark.synth


def test_an_app_has_the_feature_flags_of_cdk_json() -> None:
    """Otherwise a test would see another template than a deploy."""
    flags = json.loads(Path("cdk.json").read_text())["context"]
    app = testing.app()

    assert flags
    assert all(app.node.try_get_context(name) == value for name, value in flags.items())


def test_flags_are_found_from_a_folder_below(tmp_path: Path) -> None:
    """A test that runs in a subfolder finds the file of the project."""
    (tmp_path / "cdk.json").write_text('{"context": {"flag": true}}')
    below = tmp_path / "tests" / "unit"
    below.mkdir(parents=True)

    assert feature_flags(below) == {"flag": True}


def test_without_a_cdk_json_there_are_no_flags(tmp_path: Path) -> None:
    """A library that is tested outside an app gets the CDK's own defaults."""
    assert feature_flags(tmp_path) == {}


def test_given_context_wins() -> None:
    """A test can set a value, or turn a flag off."""
    app = testing.app(**{"@aws-cdk/aws-iam:minimizePolicies": False, "environment": "dev"})

    assert app.node.try_get_context("@aws-cdk/aws-iam:minimizePolicies") is False
    assert app.node.try_get_context("environment") == "dev"


def test_a_stack_has_a_known_place() -> None:
    """Account and region are the same in every test, unless a region is asked for."""
    stack, other = testing.stack(), testing.stack(region="eu-central-1")

    assert (stack.account, stack.region) == ("111122223333", "us-east-1")
    assert other.region == "eu-central-1"


def test_stacks_can_share_an_app() -> None:
    """References between stacks need one."""
    app = testing.app()

    assert testing.stack(app, "One").node.root is testing.stack(app, "Two").node.root


def test_a_template_is_read_as_often_as_one_likes() -> None:
    """The second reading is the same, and changing what was read changes nothing else."""
    stack = testing.stack()
    s3.Bucket(stack, "Bucket")

    first = testing.template(stack)
    first["Resources"].clear()

    assert len(testing.resources(testing.template(stack), "AWS::S3::Bucket")) == 1


def test_only_resources_of_the_type_are_returned() -> None:
    """By logical id, as they are in the template."""
    template = {"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "B": {"Type": "AWS::SQS::Queue"}}}

    assert testing.resources(template, "AWS::S3::Bucket") == {"A": {"Type": "AWS::S3::Bucket"}}
    assert testing.resources({}, "AWS::S3::Bucket") == {}


def test_checks_of_the_app_run_when_its_template_is_read() -> None:
    """A stack that fails a check cannot be read past it."""
    from genai_layers.foundation.nag import attach_checks

    app = testing.app()
    stack = testing.stack(app)
    s3.Bucket(stack, "Bucket")
    attach_checks(app, ["AwsSolutions"])

    with pytest.raises(RuntimeError, match="AwsSolutions-S1"):
        testing.template(stack)
