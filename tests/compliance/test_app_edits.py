"""The checks stop a synth: one careless edit of the production app at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from stacks.build import Stacks
from tests.synthesized import ROOT, synthesize, synthesize_edited

pytestmark = pytest.mark.synth


def unencrypted_bucket(app: cdk.App, stacks: Stacks) -> None:
    s3.CfnBucket(stacks.platform, "Careless")


def role_with_star(app: cdk.App, stacks: Stacks) -> None:
    role = iam.Role(stacks.platform, "Careless", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    role.add_to_policy(iam.PolicyStatement(actions=["*"], resources=["*"]))


def mfa_optional(app: cdk.App, stacks: Stacks) -> None:
    pool = stacks.application.directory.user_pool.node.default_child
    assert isinstance(pool, cdk.CfnResource)
    pool.add_property_override("MfaConfiguration", "OPTIONAL")


def guardrail_without_kms(app: cdk.App, stacks: Stacks) -> None:
    guardrail = stacks.platform.guardrail.node.default_child
    assert isinstance(guardrail, cdk.CfnResource)
    guardrail.add_property_deletion_override("KmsKeyArn")


def invalid_nested_stack(app: cdk.App, stacks: Stacks) -> None:
    nested = cdk.NestedStack(stacks.platform, "Careless")
    cdk.CfnResource(nested, "Queue", type="AWS::SQS::Queue", properties={"NoSuchProperty": 1})


def wrong_enum(app: cdk.App, stacks: Stacks) -> None:
    guardrail = stacks.platform.guardrail.node.default_child
    assert isinstance(guardrail, cdk.CfnResource)
    guardrail.add_property_override("ContentPolicyConfig.FiltersConfig.0.InputStrength", "MAXIMUM")


@pytest.mark.parametrize(
    ("edit", "stopped_by"),
    [
        (unencrypted_bucket, "S3BucketPublicReadProhibited"),
        (role_with_star, "AwsSolutions-IAM5"),
        (mfa_optional, "GENAI-COGNITO"),
        (guardrail_without_kms, "GENAI-BEDROCK"),
        (invalid_nested_stack, "F3002"),
        (wrong_enum, "W3030"),
    ],
)
def test_a_careless_edit_stops_the_synth(edit: Callable[[cdk.App, Stacks], None], stopped_by: str) -> None:
    """The report names the rule that the edit breaks."""
    with pytest.raises(RuntimeError, match=stopped_by):
        synthesize_edited("prod", edit)


def test_the_production_app_passes_every_check() -> None:
    """Without an edit there is no finding: the tests above fail for the edit, not for the app."""
    assert len(synthesize("prod").templates) == 6


def test_the_command_line_passes_and_fails_with_the_right_exit_code(tmp_path: object) -> None:
    """`cdk synth` exits 0 for the app as it stands, and not 0 for an app with one of the edits."""
    careless = f'{sys.executable} -c "{_CARELESS_APP}"'

    good = _cdk_synth("python3 app.py", f"{tmp_path}/good")
    bad = _cdk_synth(careless, f"{tmp_path}/bad")

    assert good.returncode == 0, good.stdout + good.stderr
    assert bad.returncode == 1
    assert "GENAI-BEDROCK" in bad.stdout + bad.stderr


_CARELESS_APP = (
    "import json, aws_cdk as cdk; from pathlib import Path;"
    "from genai_layers.settings import load; from stacks.build import build; from stacks.checks import synthesize;"
    "from tests.compliance.test_app_edits import guardrail_without_kms;"
    "app = cdk.App(builtin_cloud_formation_validation=False, analytics_reporting=False);"
    "settings = load('prod', Path('stacks/environments'));"
    "stacks = build(app, settings); guardrail_without_kms(app, stacks); synthesize(app, settings)"
)


def _cdk_synth(app: str, out: str) -> subprocess.CompletedProcess[str]:
    cli = ROOT / "tools" / "node" / "node_modules" / "aws-cdk" / "bin" / "cdk"
    return subprocess.run(
        ["node", str(cli), "synth", "--quiet", "--app", app, "--output", out, "-c", "environment=prod"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'constructs'}", "PYTEST_VERSION": ""},
        capture_output=True,
        text=True,
        check=False,
    )
