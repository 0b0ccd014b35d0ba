"""The runtime: an exact role, callers that are known, and logs that are encrypted and kept."""

from __future__ import annotations

import pytest
from agent_builders import DIGEST, MODEL, guardrail, runtime, stacks
from agent_policies import KEY, ask, assume, made, the
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam

from genai_layers import testing
from genai_layers.platform import FoundationModel
from genai_layers.platform.agents import AgentNetwork, InboundAccess

pytestmark = pytest.mark.synth

REPOSITORY = "arn:aws:ecr:us-east-1:111122223333:repository/agents"
NOVA = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
LOGS = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/bedrock-agentcore/runtimes"


@pytest.fixture(scope="module")
def template():
    """Return a template with a runtime that may run a model, and a caller of it."""
    stack, network = stacks()
    clerk = runtime(stack, AgentNetwork(stack, "Place", vpc=network.vpc))
    FoundationModel.of(stack, MODEL).grant_invoke(clerk, guardrail=guardrail(stack))
    clerk.add_endpoint("reviewed", version="1")
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    clerk.grant_invoke(caller)
    return testing.template(stack)


def name_of(template) -> str:
    return the(template, "AWS::BedrockAgentCore::Runtime")[1]["AgentRuntimeName"]


def test_case_14_the_role_may_pull_the_image_before_anything_is_made_with_it(template):
    """The permission is part of the role, so no deploy can be faster than its policy."""
    pull = [
        (f"ecr:{action}", REPOSITORY)
        for action in ("BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability")
    ]

    answers = ask(template, "ClerkRole", *pull, ("ecr:GetAuthorizationToken", "*"), only_inline=True)

    assert answers == [True] * 4
    assert ask(template, "ClerkRole", ("ecr:BatchGetImage", f"{REPOSITORY}-other")) == [False]


def test_case_15_a_runtime_runs_the_models_that_it_was_granted_and_only_guarded(template):
    """Nothing is allowed by being an agent: one model, in requests that name the guardrail."""
    guard, _ = the(template, "AWS::Bedrock::Guardrail")
    guarded = {"bedrock:GuardrailIdentifier": f"{made(f'{guard}.GuardrailArn')}:1"}
    other = NOVA.replace("lite", "pro")

    answers = ask(
        template,
        "ClerkRole",
        ("bedrock:InvokeModel", NOVA, guarded),
        ("bedrock:InvokeModel", NOVA),
        ("bedrock:InvokeModel", other, guarded),
    )

    assert answers == [True, False, False]


def test_case_15_a_runtime_with_no_grant_runs_no_model():
    """The construct of the CDK and ours agree that a model is somebody's decision."""
    stack, network = stacks()
    runtime(stack, AgentNetwork(stack, "Place", vpc=network.vpc))

    assert ask(testing.template(stack), "ClerkRole", ("bedrock:InvokeModel", NOVA)) == [False]


def test_the_role_writes_its_own_logs_and_makes_no_groups(template):
    """A group that the container made would have neither key nor retention."""
    own = f"{LOGS}/{name_of(template)}-Abc123-DEFAULT"

    answers = ask(
        template,
        "ClerkRole",
        ("logs:PutLogEvents", f"{own}:log-stream:one"),
        ("logs:PutLogEvents", f"{LOGS}/other-Abc123-DEFAULT:log-stream:one"),
        ("logs:CreateLogGroup", own),
    )

    assert answers == [True, False, False]


def test_the_role_acts_under_its_own_identity_only(template):
    """What one agent was let into does not open for another."""
    directory = "arn:aws:bedrock-agentcore:us-east-1:111122223333:workload-identity-directory/default"
    action = "bedrock-agentcore:GetWorkloadAccessToken"

    answers = ask(
        template,
        "ClerkRole",
        (action, f"{directory}/workload-identity/{name_of(template)}-Abc123"),
        (action, f"{directory}/workload-identity/other-Abc123"),
    )

    assert answers == [True, False]


def test_only_this_runtime_of_this_account_can_take_on_the_role(template):
    """The trust policy names account and runtime, against a confused deputy."""
    own = f"arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/{name_of(template)}-Abc123"

    answers = assume(
        template,
        "ClerkRole",
        ("111122223333", own),
        ("999999999999", own.replace("111122223333", "999999999999")),
        ("111122223333", own.replace(name_of(template), "other")),
        service="bedrock-agentcore.amazonaws.com",
    )

    assert answers == [True, False, False]


def test_a_caller_may_call_the_endpoints_and_do_nothing_else(template):
    """Default endpoint and named ones; no shell, no request in somebody else's name."""
    name, _ = the(template, "AWS::BedrockAgentCore::Runtime")
    arn = made(f"{name}.AgentRuntimeArn")
    invoke = "bedrock-agentcore:InvokeAgentRuntime"

    policies = [
        statement
        for each in testing.resources(template, "AWS::IAM::Policy").values()
        if each["Properties"]["Roles"][0]["Ref"].startswith("Caller")
        for statement in each["Properties"]["PolicyDocument"]["Statement"]
    ]

    assert [statement["Action"] for statement in policies] == [invoke]
    assert len(policies[0]["Resource"]) == 3
    assert arn.startswith("arn:aws:made")


def test_the_image_is_named_by_its_digest(template):
    """A tag can be moved to something that nobody reviewed."""
    _, properties = the(template, "AWS::BedrockAgentCore::Runtime")

    assert f"@{DIGEST}" in str(properties["AgentRuntimeArtifact"])


def test_every_log_of_a_runtime_is_encrypted_and_kept(template):
    """Those that the service finds by name, one for each endpoint, and those that are delivered."""
    groups = [each["Properties"] for each in testing.resources(template, "AWS::Logs::LogGroup").values()]
    named = [str(each["LogGroupName"]) for each in groups if "LogGroupName" in each]

    assert all(each["RetentionInDays"] == 365 and each["KmsKeyId"] for each in groups)
    assert [any(endpoint in each for each in named) for endpoint in ("-DEFAULT", "-reviewed")] == [True, True]
    sources = testing.resources(template, "AWS::Logs::DeliverySource").values()
    assert {each["Properties"]["LogType"] for each in sources} == {"APPLICATION_LOGS", "USAGE_LOGS", "TRACES"}


def test_callers_sign_their_requests_or_show_a_token_of_a_client():
    """There is no third way in."""
    stack, network = stacks()
    place = AgentNetwork(stack, "Place", vpc=network.vpc)
    pool = cognito.UserPool.from_user_pool_id(stack, "People", "us-east-1_abcdefghi")
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "client")
    runtime(stack, place, access=InboundAccess.cognito(pool, [client]))

    _, properties = the(testing.template(stack), "AWS::BedrockAgentCore::Runtime")

    authorizer = properties["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    assert authorizer["AllowedClients"] == ["client"]
    assert "us-east-1_abcdefghi/.well-known/openid-configuration" in str(authorizer["DiscoveryUrl"])


def test_a_runtime_reaches_tls_endpoints_and_is_reached_by_nobody(template):
    """Its security group lets TLS out and nothing in."""
    groups = testing.resources(template, "AWS::EC2::SecurityGroup").values()

    rules = [
        (each["Properties"].get("SecurityGroupIngress"), each["Properties"]["SecurityGroupEgress"]) for each in groups
    ]
    assert [(inward, [rule["ToPort"] for rule in outward]) for inward, outward in rules] == [(None, [443])]


def test_the_key_is_used_for_logs_only(template):
    """AgentCore keeps no data of a runtime under a key of ours, so its role gets none."""
    assert ask(template, "ClerkRole", ("kms:GenerateDataKey", KEY)) == [False]
