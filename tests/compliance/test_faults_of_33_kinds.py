"""Thirty-three faults, one at a time: which of our checks stops which, and which none of them does."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from compliant_template import compliant_template
from template_edits import Edit, adding, dropping, setting

from genai_layers.foundation.nag import CloudFormationChecks, GenAiChecks

pytestmark = pytest.mark.synth


def allowing(action: object, resource: object, **more: object) -> Edit:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return setting("Role.Policies.0.PolicyDocument.Statement.+", statement)


def circular(template: dict[str, Any]) -> None:
    template["Resources"]["Key"]["DependsOn"] = "Role"
    template["Resources"]["Role"]["DependsOn"] = "Key"


_FILTERS = "Guardrail.ContentPolicyConfig.FiltersConfig"
_VARIANT = "EndpointConfig.ProductionVariants.0"
_SERVERLESS = "ServerlessConfig.ProductionVariants.0"
_ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
_NO_NEXT_STATE = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Task", "Next": "B"}}})
_MODEL = "arn:aws:bedrock:us-east-1::foundation-model/x"

NATIVE, OURS = "CloudFormation Checks", "GenAi Checks"

FAULTS: dict[str, tuple[Edit, dict[str, set[str]]]] = {
    "01 a required property is missing": (dropping("EndpointConfig.ProductionVariants"), {NATIVE: {"F3003"}}),
    "02 a strength that does not exist": (setting(f"{_FILTERS}.0.InputStrength", "MAXIMUM"), {NATIVE: {"W3030"}}),
    "03 an ARN without an account": (
        setting("Model.ExecutionRoleArn", "arn:aws:iam:::role/x"),
        {NATIVE: {"F3031", "E1156"}},
    ),
    "04 a circle of dependencies": (circular, {NATIVE: {"F3004"}}),
    "05 an attribute that does not exist": (
        setting("Endpoint.EndpointConfigName", {"Fn::GetAtt": ["EndpointConfig", "Arnn"]}),
        {NATIVE: {"E9004"}},
    ),
    "06 a reference to nothing": (setting("EndpointConfig.KmsKeyId", {"Ref": "Nope"}), {NATIVE: {"F1020"}}),
    "07 everything on everything": (allowing("*", "*"), {OURS: {"GENAI-IAM-03"}}),
    "08 passing and rewriting any role": (
        allowing(["iam:PassRole", "iam:PutRolePolicy"], "*"),
        {OURS: {"GENAI-IAM-06"}},
    ),
    "09 an action that does not exist": (allowing("bedrock:InvokModel", _MODEL), {}),
    "10 a condition operator that does not exist": (
        allowing("bedrock:Retrieve", "*", Condition={"StringEqual": {"aws:SourceVpceX": "vpce-1"}}),
        {NATIVE: {"E3510"}},
    ),
    "11 an endpoint without a key": (dropping("EndpointConfig.KmsKeyId"), {OURS: {"GENAI-SAGEMAKER-01"}}),
    "12 an EC2 type for an endpoint": (setting(f"{_VARIANT}.InstanceType", "g5.2xlarge"), {NATIVE: {"W3030"}}),
    "13 a property that does not exist": (setting("Profile.Foo", 1), {NATIVE: {"F3002"}}),
    "14 text for a number": (setting("Index.Dimension", "lots"), {NATIVE: {"F3012"}}),
    "15 a number out of range": (setting("Index.Dimension", 99999), {NATIVE: {"F3034"}}),
    "16 prompt attacks filtered in the output": (
        setting(f"{_FILTERS}.1.OutputStrength", "HIGH"),
        {OURS: {"GENAI-BEDROCK-02"}},
    ),
    "17 the same filter twice": (
        setting(f"{_FILTERS}.+", {"Type": "HATE", "InputStrength": "LOW", "OutputStrength": "LOW"}),
        {OURS: {"GENAI-BEDROCK-06"}},
    ),
    "18 a grounding threshold of 1.5": (
        setting("Guardrail.ContextualGroundingPolicyConfig.FiltersConfig.0.Threshold", 1.5),
        {OURS: {"GENAI-BEDROCK-07"}},
    ),
    "19 a topic that is allowed": (
        setting("Guardrail.TopicPolicyConfig", {"TopicsConfig": [{"Name": "x", "Type": "ALLOW", "Definition": "d"}]}),
        {NATIVE: {"W3030"}},
    ),
    "20 a dash in the name of a runtime": (
        setting("Runtime.AgentRuntimeName", "bad-name-with-dash"),
        {OURS: {"GENAI-AGENTCORE-01"}},
    ),
    "21 VPC mode without a configuration": (
        dropping("Runtime.NetworkConfiguration.NetworkModeConfig"),
        {OURS: {"GENAI-AGENTCORE-02"}},
    ),
    "22 events that expire too early": (setting("Memory.EventExpiryDuration", 1), {NATIVE: {"F3034"}}),
    "23 a bad name of a vector bucket": (
        setting("Vectors.VectorBucketName", "Bad_Name"),
        {OURS: {"GENAI-S3VECTORS-03"}},
    ),
    "24 a type that does not exist": (adding("AWS::Bedrock::Guardrailz"), {NATIVE: {"F3006"}}),
    "25 a role that trusts everyone": (
        setting("Role.AssumeRolePolicyDocument.Statement.0.Principal", "*"),
        {OURS: {"GENAI-IAM-01", "GENAI-IAM-02", "GENAI-IAM-05"}},
    ),
    "26 a public key": (
        setting(
            "Key.KeyPolicy.Statement.+",
            {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},
        ),
        {OURS: {"GENAI-KMS-01"}},
    ),
    "27 a misspelt service": (
        setting("Role.AssumeRolePolicyDocument.Statement.0.Principal.Service", "sagemakers.amazonaws.com"),
        {OURS: {"GENAI-IAM-04"}},
    ),
    "28 serverless on a machine": (
        setting(f"{_SERVERLESS}.InstanceType", "ml.g5.2xlarge"),
        {OURS: {"GENAI-SAGEMAKER-02"}},
    ),
    "29 a memory size between two": (
        setting(f"{_SERVERLESS}.ServerlessConfig.MemorySizeInMB", 2000),
        {OURS: {"GENAI-SAGEMAKER-03"}},
    ),
    "30 a role that is no ARN": (setting("Runtime.RoleArn", "not-an-arn"), {NATIVE: {"F3031", "E1156"}}),
    "31 a state machine that goes nowhere": (
        adding("AWS::StepFunctions::StateMachine", RoleArn=_ROLE, DefinitionString=_NO_NEXT_STATE),
        {NATIVE: {"E3601"}},
    ),
    "32 too little memory on a runtime past its end": (
        adding(
            "AWS::Lambda::Function",
            Role=_ROLE,
            Runtime="python3.8",
            Handler="i.h",
            Code={"ZipFile": "def h(e, c):\n  return 1"},
            MemorySize=64,
        ),
        {NATIVE: {"F3034"}},
    ),
    "33 a knowledge base without a store": (
        dropping("KnowledgeBase.StorageConfiguration"),
        {OURS: {"GENAI-BEDROCK-08"}},
    ),
}


def findings(template: dict[str, Any], directory: Path) -> dict[str, set[str]]:
    """What each of the two plugins reports for *template*, as the core would ask them."""
    file = directory / "Stack.template.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    context: Any = SimpleNamespace(stack_templates=[SimpleNamespace(template_path=str(file), region="us-east-1")])
    reports = {plugin.name: plugin.validate(context) for plugin in (CloudFormationChecks(), GenAiChecks())}
    assert all(report.success is (not report.violations) for report in reports.values())
    assert all(each.severity in ("error", "fatal") for report in reports.values() for each in report.violations)
    return {
        name: {violation.rule_name for violation in report.violations}
        for name, report in reports.items()
        if report.violations
    }


def test_the_template_without_a_fault_passes(tmp_path: Path) -> None:
    """So that what the others report is due to their fault."""
    assert findings(compliant_template(), tmp_path) == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_stopped_by(fault: str, tmp_path: Path) -> None:
    """The plugins and rules that are named, no more and no fewer; an empty set is a known gap."""
    edit, expected = FAULTS[fault]
    template = compliant_template()

    edit(template)

    assert findings(template, tmp_path) == expected


def test_only_the_misspelt_action_passes() -> None:
    """Action names take the list of all of them; cfn-lint has it, and checks the app's templates in the suite."""
    assert [fault for fault, (_, expected) in FAULTS.items() if not expected] == ["09 an action that does not exist"]
