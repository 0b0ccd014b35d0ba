"""What the core lets pass, and `synthesize` does not."""

from __future__ import annotations

from types import SimpleNamespace

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from checked_app import violations
from cloudformation_validate import ReportStatus

from genai_layers import testing
from genai_layers.foundation.nag import (
    ChecksError,
    FindingsError,
    acknowledge,
    attach_checks,
    cloudformation_checks,
    genai_checks,
    ledger,
    synthesize,
)

pytestmark = pytest.mark.synth

REASON = "The finding is wanted here, as the test looks at it"


def table_without_recovery(app: cdk.App) -> None:
    table = dynamodb.CfnTable(
        testing.stack(app),
        "Table",
        key_schema=[{"attributeName": "id", "keyType": "HASH"}],
        attribute_definitions=[{"attributeName": "id", "attributeType": "S"}],
        billing_mode="PAY_PER_REQUEST",
    )
    bucket = s3.Bucket(testing.stack(app, "Other"), "Bucket")
    acknowledge(table, "AwsSolutions-DDB3", reason=REASON) if app.node.try_get_context("accept") else None
    acknowledge(bucket, "AwsSolutions-S1", "AwsSolutions-S10", reason=REASON)


def test_a_warning_of_a_pack_stops_the_synth_though_something_else_was_acknowledged() -> None:
    """`app.synth()` passes here; `synthesize` names what is left."""
    app = testing.app()
    attach_checks(app, packs=["AwsSolutions"])
    table_without_recovery(app)

    app.synth()

    assert violations(app) == {"AwsSolutions": {"AwsSolutions-DDB3": ["Stack/Table"]}}
    with pytest.raises(FindingsError, match=r"1 findings are left.*\nAwsSolutions::AwsSolutions-DDB3 on Stack/Table: "):
        synthesize(app)


def test_a_warning_can_be_acknowledged_like_an_error() -> None:
    """Then nothing is left."""
    app = testing.app(accept=True)
    attach_checks(app, packs=["AwsSolutions"])
    table_without_recovery(app)

    synthesize(app)

    assert {entry.standing.value for entry in ledger(app).entries} == {"matched"}


def test_a_plugin_that_breaks_down_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core stops at once; under the CLI, which sees no finding, `synthesize` does."""

    def explode(*_: object) -> None:
        raise KeyError("kaboom")

    monkeypatch.setattr(genai_checks, "check_template", explode)
    direct, under_cli = testing.app(), testing.app(**{"@aws-cdk/core:failSynthOnValidationErrors": False})
    for app in (direct, under_cli):
        attach_checks(app, packs=[])
        testing.stack(app)

    with pytest.raises(RuntimeError, match="'GenAi Checks' failed: 'kaboom'"):
        direct.synth()
    under_cli.synth()
    with pytest.raises(ChecksError, match="'GenAi Checks' failed: 'kaboom'"):
        synthesize(under_cli)


def test_errors_are_left_to_the_cli_which_prints_them() -> None:
    """Raising would cost the user the report: the CLI shows none for an app that fails."""
    app = testing.app(**{"@aws-cdk/core:failSynthOnValidationErrors": False})
    attach_checks(app, packs=[])
    cdk.CfnResource(testing.stack(app), "Logs", type="AWS::Logs::LogGroup")

    synthesize(app)

    assert set(violations(app)["GenAi Checks"]) == {"GENAI-LOGS-01", "GENAI-LOGS-02"}


def test_a_mode_in_which_errors_are_only_printed_fails_as_well() -> None:
    """`CDK_APP_MODE=process` without the CLI leaves the exit code at 0."""
    app = testing.app(**{"@aws-cdk/core:appMode": "process"})
    attach_checks(app, packs=[])
    cdk.CfnResource(testing.stack(app), "Logs", type="AWS::Logs::LogGroup")

    app.synth()
    with pytest.raises(FindingsError, match="GenAi-Checks::GENAI-LOGS-01 on Stack/Logs"):
        synthesize(app)


def test_the_synth_of_a_stage_alone_is_never_taken_for_a_checked_one() -> None:
    """It runs no plugin and passes; there is no report that a ledger could be read off."""
    app = testing.app()
    attach_checks(app, packs=[])
    stage = cdk.Stage(app, "Stage")
    cdk.CfnResource(cdk.Stack(stage, "Stack"), "Logs", type="AWS::Logs::LogGroup")

    stage.synth()

    with pytest.raises(ChecksError, match=r"then app\.synth\(\) of the whole app"):
        ledger(app)
    with pytest.raises(RuntimeError, match="GENAI-LOGS-01"):
        synthesize(app)


def test_a_template_that_cannot_be_checked_to_the_end_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validator gives up on what is too large; that is a finding, which even the CLI sees."""
    unfinished = SimpleNamespace(diagnostics=[], status=ReportStatus.ANALYSIS_INCOMPLETE)
    engine = SimpleNamespace(validate_template=lambda *_: unfinished)
    monkeypatch.setattr(cloudformation_checks, "_engine", lambda: engine)
    app = testing.app()
    attach_checks(app, packs=[])
    testing.stack(app)

    with pytest.raises(RuntimeError, match=r"Stack\.template\.json is too large or too deep to be checked to the end"):
        synthesize(app)


def test_an_acknowledgement_whose_construct_is_gone_is_told() -> None:
    """Across stacks it waits for the end of the synth, and may find nothing there."""
    app = testing.app()
    attach_checks(app, packs=[])
    bucket = s3.Bucket(testing.stack(app), "Bucket")
    other = testing.stack(app, "Other")
    topic = cdk.CfnResource(other, "Topic", type="AWS::SNS::Topic")
    acknowledge(topic, f"AwsSolutions-IAM5[Resource::{bucket.bucket_arn}]", reason=REASON)
    other.node.try_remove_child("Topic")

    with pytest.raises(RuntimeError, match="'Other/Topic' was acknowledged and is no longer in the app"):
        synthesize(app)


def test_an_app_that_attaches_its_own_packs_takes_our_acknowledgements() -> None:
    """A construct of ours in somebody else's app brings its reasons along."""
    app = testing.app()
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    bucket = s3.Bucket(testing.stack(app), "Bucket", enforce_ssl=True)

    with pytest.raises(RuntimeError, match="AwsSolutions-S1"):
        app.synth()
    acknowledge(bucket, "AwsSolutions-S1", reason=REASON)

    app.synth(force=True)
