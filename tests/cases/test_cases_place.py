"""Place: one region that was asked for, nothing built in the account, nothing that carries a fixed name."""

from __future__ import annotations

import ast
import json

import pytest
from case_templates import SOURCES, assembly_of, references, resources_of, templates_of

from tests.synthesized import ROOT

BUILDS = {"AWS::CodeBuild::Project", "AWS::CodePipeline::Pipeline", "AWS::ImageBuilder::ImagePipeline"}
CARRIED_BY_A_SERVICE = {"AWS::Logs::LogGroup"}
"""Log groups of AgentCore are named by the service; the name holds the id of the runtime."""
NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SageMaker::EndpointConfig": "EndpointConfigName",
    "AWS::SageMaker::Model": "ModelName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
OUTSIDE_LAMBDA = ("constructs/genai_layers/cli", "constructs/genai_layers/preflight", "tools/catalog")


@pytest.mark.synth
@pytest.mark.parametrize("source", SOURCES)
def test_case_22_nothing_carries_a_name_that_a_second_copy_would_want_too(source: str) -> None:
    """A fixed name is in the way of the second stack, of a replacement and of what an earlier destroy left."""
    fixed = [
        f"{stack}/{logical_id}: {name}"
        for stack, logical_id, resource in resources_of(source, *NAMES)
        if (name := resource.get("Properties", {}).get(NAMES[resource["Type"]])) is not None
        and not (resource["Type"] in CARRIED_BY_A_SERVICE and references(name))
    ]

    assert fixed == []


@pytest.mark.synth
@pytest.mark.parametrize("source", SOURCES)
def test_case_19_no_stack_reaches_into_a_second_region(source: str) -> None:
    """Writers of exports across regions stop every update, and a guarded organization forbids the other region."""
    manifest = json.loads((assembly_of(source) / "manifest.json").read_text(encoding="utf-8"))
    regions = {
        artifact["environment"].rsplit("/", 1)[1]
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    writers = [
        f"{stack}/{logical_id}" for stack, logical_id, one in resources_of(source) if "CrossRegionExport" in one["Type"]
    ]

    assert len(regions) == 1
    assert writers == []


@pytest.mark.synth
@pytest.mark.parametrize("source", SOURCES)
def test_case_34_nothing_is_compiled_in_the_account_of_the_user(source: str) -> None:
    """A tool chain that is fetched at the deploy is another one next month."""
    assert [one[1] for one in resources_of(source, *BUILDS)] == []


@pytest.mark.synth
@pytest.mark.parametrize("source", [one for one in SOURCES if one != "agent"])
def test_case_92_a_synth_needs_no_docker(source: str) -> None:
    """Every asset is a file or a folder as it lies; only an agent of one's own is an image, and says so."""
    assets = [json.loads(path.read_text(encoding="utf-8")) for path in assembly_of(source).glob("*.assets.json")]

    assert assets
    assert [one["dockerImages"] for one in assets if one.get("dockerImages")] == []
    assert [file for one in assets for file in one["files"].values() if "executable" in file["source"]] == []


@pytest.mark.synth
def test_case_19_a_page_of_the_app_takes_its_firewall_and_does_not_make_one() -> None:
    """
    A web ACL of CloudFront lives in us-east-1 whatever the region of the app; so it is given, or left out.

    One before an API lives where the API does.
    """
    made = [one for source in SOURCES for one in resources_of(source, "AWS::WAFv2::WebACL")]

    assert {one[2]["Properties"]["Scope"] for one in made} == {"REGIONAL"}


def test_case_31_every_client_outside_lambda_is_told_its_region() -> None:
    """Lambda sets the region of a function; a shell does not, and a wrong one signs requests that are refused."""
    silent = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for folder in OUTSIDE_LAMBDA
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"client", "resource"}
        and "region_name" not in {keyword.arg for keyword in call.keywords}
    ]

    assert silent == []


@pytest.mark.synth
def test_every_source_is_read() -> None:
    """The tests above say nothing if nothing was synthesized."""
    assert all(templates_of(source) for source in SOURCES)
