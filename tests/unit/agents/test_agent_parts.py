"""Memory, browser, code interpreter and identity: keys, recordings, and grants that are exact."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from agent_builders import key_of, runtime, stacks
from agent_policies import KEY, ask, made, the
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers import testing
from genai_layers.platform.agents import (
    AgentBrowser,
    AgentError,
    AgentGateway,
    AgentIdentity,
    AgentMemory,
    AgentNetwork,
    CodeInterpreter,
    InboundAccess,
    Remembered,
)

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def template():
    """Return a template with every part, and a role that may use each."""
    stack, network = stacks()
    key = key_of(stack).key
    place = AgentNetwork(stack, "Place", vpc=network.vpc)
    user = iam.Role(stack, "User", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    AgentGateway(stack, "Tools", key=key, access=InboundAccess.iam()).grant_invoke(user)
    AgentMemory(stack, "Memory", key=key, remembered=[Remembered.PREFERENCES]).grant_read_write(user)
    AgentBrowser(stack, "Browser", network=place, key=key, access_logs=None).grant_use(user)
    CodeInterpreter(stack, "Code", network=place).grant_use(user)
    identity = AgentIdentity(stack, "Identity", return_urls=["https://app.example/back"])
    secret = secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "weather")
    identity.grant_use(user, identity.add_api_key("Weather", secret))
    return testing.template(stack)


def fill_key(value) -> str:
    return made(".".join(value["Fn::GetAtt"]))


def test_a_memory_is_under_our_key_and_outlives_its_stack(template):
    """What people told an agent is not lost with a deploy."""
    ((_, memory),) = testing.resources(template, "AWS::BedrockAgentCore::Memory").items()

    assert fill_key(memory["Properties"]["EncryptionKeyArn"]) == KEY
    assert (memory["DeletionPolicy"], memory["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_a_memory_that_was_kept_is_not_in_the_way_of_a_new_stack(template):
    """Its name holds a part of the id of the stack, which every life of the stack has anew."""
    _, memory = the(template, "AWS::BedrockAgentCore::Memory")

    assert "AWS::StackId" in str(memory["Name"])


def test_every_namespace_of_a_memory_belongs_to_one_person():
    """What one person said is never found for another."""
    stack, _ = stacks()
    AgentMemory(stack, "Memory", key=key_of(stack).key, remembered=list(Remembered))

    _, memory = the(testing.template(stack), "AWS::BedrockAgentCore::Memory")

    spaces = [space for each in memory["MemoryStrategies"] for one in each.values() for space in one["Namespaces"]]
    assert len(spaces) == 3
    assert all("{actorId}" in space for space in spaces)


def test_another_key_makes_a_memory_of_another_name():
    """The key is create-only, and two memories of one name cannot stand at once."""
    names = set()
    for uses in ("one", "two"):
        stack, _ = stacks()
        key = cdk.aws_kms.Key(stack, f"Key{uses}")
        AgentMemory(stack, "Memory", key=key)
        names.add(str(the(testing.template(stack), "AWS::BedrockAgentCore::Memory")[1]["Name"]))

    assert len(names) == 2


def test_a_browser_records_every_session_into_a_bucket_under_our_key(template):
    """Somebody can say afterwards what an agent did in a person's name."""
    _, browser = the(template, "AWS::BedrockAgentCore::BrowserCustom")
    bucket, _ = the(template, "AWS::S3::Bucket")

    assert browser["RecordingConfig"] == {
        "Enabled": True,
        "S3Location": {"Bucket": {"Ref": bucket}, "Prefix": "sessions"},
    }
    assert browser["NetworkConfiguration"]["NetworkMode"] == "VPC"


def test_code_of_agents_may_do_nothing_until_something_is_granted(template):
    """Its role has no policy, and it runs in our network, never in the sandbox."""
    _, interpreter = the(template, "AWS::BedrockAgentCore::CodeInterpreterCustom")

    assert interpreter["NetworkConfiguration"]["NetworkMode"] == "VPC"
    assert ask(template, "CodeRole", ("s3:GetObject", "arn:aws:s3:::any/thing")) == [False]


def test_a_user_of_a_part_may_use_it_and_not_change_it(template):
    """Each grant names the one resource, and no action that deletes or watches."""
    statements = [
        statement
        for policy in testing.resources(template, "AWS::IAM::Policy").values()
        if policy["Properties"]["Roles"][0]["Ref"].startswith("User")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]

    actions = {action for each in statements for action in _listed(each["Action"])}
    changing = {action for action in actions if action.partition(":")[2].startswith(("Create", "Delete", "Connect"))}
    assert "*" not in [each["Resource"] for each in statements]
    assert changing == {"bedrock-agentcore:CreateEvent"}
    assert {"bedrock-agentcore:InvokeGateway", "bedrock-agentcore:InvokeCodeInterpreter"} <= actions


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]


def test_the_key_of_an_api_is_in_no_template(template):
    """CloudFormation fetches it from the secret at deploy time."""
    _, provider = the(template, "AWS::BedrockAgentCore::ApiKeyCredentialProvider")

    assert "{{resolve:secretsmanager:" in str(provider["ApiKey"])


def test_an_answer_to_an_identity_goes_over_tls():
    """Whoever listens on the way would act for the person."""
    stack, _ = stacks()

    with pytest.raises(AgentError, match=r"return_urls has 'http://app.example': use https"):
        AgentIdentity(stack, "Identity", return_urls=["http://app.example"])


def test_every_fault_of_a_memory_is_told_at_once():
    """Two days and a kind that is named twice are two things to change."""
    stack, _ = stacks()

    with pytest.raises(AgentError) as raised:
        AgentMemory(
            stack, "Memory", key=key_of(stack).key, expiry=cdk.Duration.days(2), remembered=[Remembered.FACTS] * 2
        )

    assert len(raised.value.faults) == 2


@pytest.mark.parametrize(("region", "part"), [("us-gov-east-1", "Runtime"), ("cn-north-1", "Memory")])
def test_a_region_without_a_part_is_refused_by_name(region, part):
    """The deploy would fail on a type that the region does not know."""
    app = testing.app()
    stack = testing.stack(app, "Agents", region=region)
    place = AgentNetwork(
        stack,
        "Place",
        vpc=cdk.aws_ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-1",
            availability_zones=["a"],
            isolated_subnet_ids=["subnet-1"],
            isolated_subnet_route_table_ids=["rtb-1"],
        ),
        unlisted_zones_reason="the zones of this region are not listed yet",
    )

    make = {
        "Runtime": lambda: runtime(stack, place),
        "Memory": lambda: AgentMemory(stack, "Memory", key=key_of(stack).key),
    }[part]

    with pytest.raises(ValueError, match=f"region '{region}' lacks AWS::BedrockAgentCore::{part}"):
        make()
