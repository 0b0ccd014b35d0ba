"""The traps of validation at synth, each shut: what must stop a synth stops it, however it is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import cx_api
from checked_app import checked, violations

from genai_layers import testing
from genai_layers.foundation.nag import (
    ChecksError,
    CloudFormationChecks,
    GenAiChecks,
    acknowledge,
    attach_checks,
    synthesize,
)

pytestmark = pytest.mark.synth

REASON = "The finding is wanted here, as the test looks at it"


def test_a_compliant_app_passes_all_packs_but_for_what_is_acknowledged() -> None:
    """`synthesize` returns the assembly, as `app.synth()` does."""
    app = testing.app()
    attach_checks(app)
    topic = cdk.CfnResource(testing.stack(app), "Topic", type="AWS::SNS::Topic", properties={"KmsMasterKeyId": "x"})

    assembly = synthesize(app)

    assert isinstance(assembly, cx_api.CloudAssembly)
    assert json.loads((Path(app.outdir) / "genai-checks.json").read_text(encoding="utf-8")) == {
        "plugins": [
            "AwsSolutions",
            "NIST.800.53.R5",
            "HIPAA.Security",
            "PCI.DSS.321",
            "GenAi-Checks",
            "CloudFormation-Checks",
        ],
        "deferred": [],
    }
    assert topic.node.path == "Stack/Topic"


@pytest.mark.parametrize(
    ("packs", "message"),
    [
        (["AwsSolution"], "pack 'AwsSolution' is not known: choose from AwsSolutions, NIST80053R5, HIPAA, PCI"),
        (["HIPAA", "HIPAA", "x"], "pack 'x' is not known: .*; pack 'HIPAA' is named twice"),
    ],
)
def test_a_pack_that_is_not_known_is_refused(packs: list[str], message: str) -> None:
    """All faults at once, and nothing is attached."""
    with pytest.raises(ChecksError, match=message):
        attach_checks(testing.app(), packs=packs)


def test_an_app_without_checks_is_not_taken_for_a_clean_one() -> None:
    """`synthesize` wants to have been told what to check."""
    app = testing.app()
    testing.stack(app)

    with pytest.raises(ChecksError, match=r"call attach_checks\(app\) before synthesize\(app\)"):
        synthesize(app)


def test_templates_of_nested_stacks_are_checked_at_any_depth() -> None:
    """The core hands plugins the templates of stacks only."""
    app, stack = checked()
    inner = cdk.NestedStack(cdk.NestedStack(stack, "Outer"), "Inner")
    cdk.CfnResource(inner, "Queue", type="AWS::SQS::Queue", properties={"Foo": 1})
    cdk.CfnResource(inner, "Pool", type="AWS::Cognito::UserPool", properties={"MfaConfiguration": "ON"})

    with pytest.raises(RuntimeError, match="F3002"):
        app.synth()

    assert violations(app) == {
        "GenAi Checks": {"GENAI-COGNITO-02": ["Stack/Outer/Inner/Pool"]},
        "CloudFormation Checks": {"F3002": ["Stack/Outer/Inner/Queue"]},
    }


def test_leftovers_of_an_older_synth_are_not_checked() -> None:
    """A folder is not emptied before a synth; only what this one wrote counts."""
    app, stack = checked()
    cdk.CfnResource(stack, "Topic", type="AWS::SNS::Topic")
    bad = {"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}}}
    (Path(app.outdir) / "Gone.nested.template.json").write_text(json.dumps(bad), encoding="utf-8")
    (Path(app.outdir) / "Gone.template.json").write_text(json.dumps(bad), encoding="utf-8")

    app.synth()

    assert violations(app) == {}


def test_nested_templates_are_found_without_an_asset_manifest() -> None:
    """The legacy synthesizer writes none, and every nested template in the folder counts then."""
    app = testing.app()
    cdk.Validations.of(app).add_plugins(GenAiChecks())
    stack = cdk.Stack(app, "Stack", synthesizer=cdk.LegacyStackSynthesizer())
    cdk.CfnResource(cdk.NestedStack(stack, "Nested"), "Logs", type="AWS::Logs::LogGroup")

    with pytest.raises(RuntimeError, match="GENAI-LOGS-01"):
        app.synth()


def test_overrides_and_generic_resources_are_seen() -> None:
    """cdk-nag looks at typed constructs and misses both; the rules of ours read what is deployed."""
    app, stack = checked(GenAiChecks())
    pool = cognito.UserPool(stack, "Pool", mfa=cognito.Mfa.REQUIRED, self_sign_up_enabled=False)
    resource = pool.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    resource.add_property_override("MfaConfiguration", "OPTIONAL")
    cdk.CfnResource(stack, "Generic", type="AWS::Cognito::UserPool", properties={"MfaConfiguration": "ON"})

    with pytest.raises(RuntimeError, match="GENAI-COGNITO"):
        app.synth()

    assert violations(app)["GenAi Checks"] == {
        "GENAI-COGNITO-01": ["Stack/Pool/Resource"],
        "GENAI-COGNITO-02": ["Stack/Generic"],
    }


def test_one_acknowledgement_does_not_let_the_rest_of_the_report_pass() -> None:
    """With a severity other than error or fatal it would: the core counts failures anew by that word."""
    app, stack = checked(GenAiChecks())
    for name in ("First", "Second"):
        cdk.CfnResource(stack, name, type="AWS::Logs::LogGroup", properties={"KmsKeyId": "x"})
    acknowledge(stack.node.find_child("First"), "GENAI-LOGS-01", reason=REASON)

    with pytest.raises(RuntimeError, match="Stack/Second"):
        app.synth()

    assert violations(app)["GenAi Checks"] == {"GENAI-LOGS-01": ["Stack/Second"]}


def test_a_fatal_finding_stands_even_when_the_core_is_asked_to_accept_it() -> None:
    """What AWS refuses cannot be accepted, not even by going around `acknowledge`."""
    app, stack = checked(GenAiChecks())
    runtime = cdk.CfnResource(
        stack, "Agent", type="AWS::BedrockAgentCore::Runtime", properties={"AgentRuntimeName": "bad-name"}
    )
    cdk.Validations.of(runtime).acknowledge(cdk.Acknowledgment(id="GenAi-Checks::GENAI-AGENTCORE-01", reason=REASON))

    with pytest.raises(RuntimeError, match="GENAI-AGENTCORE-01"):
        app.synth()


def test_skipping_validation_does_not_skip_the_checks() -> None:
    """The switch is about constructs that validate themselves."""
    app, stack = checked(GenAiChecks())
    cdk.CfnResource(stack, "Logs", type="AWS::Logs::LogGroup")

    with pytest.raises(RuntimeError, match="GENAI-LOGS-01"):
        app.synth(skip_validation=True)


def test_a_test_that_asks_for_a_template_is_checked_as_well() -> None:
    """`testing.template` synthesizes the whole app."""
    _, stack = checked(GenAiChecks())
    cdk.CfnResource(stack, "Logs", type="AWS::Logs::LogGroup")

    with pytest.raises(RuntimeError, match="GENAI-LOGS-01"):
        testing.template(stack)


def test_the_error_of_a_construct_stops_the_synth() -> None:
    """With the flags of `cdk.json`, without which `app.synth()` would only note it."""
    app, stack = checked(GenAiChecks())
    cdk.Validations.of(stack).add_error("genai-layers::refused", "this cannot be deployed")

    with pytest.raises(RuntimeError, match="this cannot be deployed"):
        app.synth()


def test_a_type_is_unknown_where_aws_does_not_offer_it() -> None:
    """Each stack is checked for its own region."""
    app, stack = checked(CloudFormationChecks())
    for place in (stack, testing.stack(app, "China", region="cn-north-1")):
        bedrock.CfnGuardrail(place, "Guardrail", name="g", blocked_input_messaging="no", blocked_outputs_messaging="no")

    with pytest.raises(RuntimeError, match="'AWS::Bedrock::Guardrail' does not exist in 'cn-north-1'"):
        app.synth()

    assert violations(app)["CloudFormation Checks"] == {"F3006": ["China/Guardrail"]}


def test_a_name_that_the_core_would_treat_as_its_own_is_avoided() -> None:
    """Errors of a plugin named as the built-in validator become warnings."""
    assert CloudFormationChecks().name != cdk.CloudFormationValidatePlugin.PLUGIN_NAME


@pytest.mark.parametrize("make", [GenAiChecks, CloudFormationChecks])
def test_a_plugin_says_what_it_is(make: Callable[[], Any]) -> None:
    """Name, version and rules, for the report and for those who attach it by hand."""
    plugin = make()

    assert plugin.name
    assert plugin.version.count(".") == 2
    assert plugin.rule_ids is None or "GENAI-IAM-03" in plugin.rule_ids


@jsii.implements(cdk.IPolicyValidationPlugin)
class Other:
    """A plugin of somebody else."""

    name = "Other"
    version = "1.0.0"
    rule_ids = None

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        return cdk.PolicyValidationPluginReport(success=True, violations=[])


def test_plugins_of_others_run_beside_ours() -> None:
    """Nothing is taken away from an app that has its own."""
    app = testing.app()
    cdk.Validations.of(app).add_plugins(Other())
    attach_checks(app, packs=[])
    ec2.CfnSecurityGroup(testing.stack(app), "Group", group_description="none")

    synthesize(app)
