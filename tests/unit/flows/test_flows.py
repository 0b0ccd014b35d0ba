"""Flows as resources: their key, their role, their version and the names that callers use."""

from __future__ import annotations

import json

import pytest
from aws_cdk import aws_iam as iam
from flow_builders import EVERYTHING, every_part, flow, key_of, the

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.platform.flows import Flow, FlowError
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def whole():
    """Return the template of a flow with a node of every kind, checked by everything."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app)
    flow(stack, EVERYTHING, every_part(stack)).add_alias("Live")
    synthesize(app)
    return testing.template(stack)


def test_a_flow_with_every_kind_of_node_is_clean_under_every_check(whole):
    """The fixture raises otherwise; every kind is really there."""
    _, made = the(whole, "AWS::Bedrock::Flow")

    kinds = [node["Type"] for node in made["Properties"]["Definition"]["Nodes"]]

    assert sorted(set(kinds)) == [
        "Agent",
        "Collector",
        "Condition",
        "InlineCode",
        "Input",
        "Iterator",
        "KnowledgeBase",
        "LambdaFunction",
        "Loop",
        "Output",
        "Prompt",
    ]


def test_a_flow_is_under_the_key_and_waits_for_its_role(whole):
    """The service looks at what the nodes name as soon as the flow is made."""
    _, made = the(whole, "AWS::Bedrock::Flow")

    assert "Key" in made["Properties"]["CustomerEncryptionKeyArn"]["Fn::GetAtt"][0]
    assert any("DefaultPolicy" in name for name in made["DependsOn"])


def test_a_flow_costs_nothing_idle(whole):
    """Nodes are paid by use, as what they call."""
    report = idle_floor({"Flows": whole}, "us-east-1")

    assert [line for line in report.lines if "Flow" in line.type] == []
    assert [each for each in report.unpriced if "Flow" in str(each)] == []


def decided(template, role: str, *requests: tuple[str, str]) -> list[bool]:
    """Return whether a role may make each request."""
    text = json.dumps(template)
    for intrinsic, value in (
        ('{"Ref": "AWS::Partition"}', '"aws"'),
        ('{"Ref": "AWS::AccountId"}', f'"{ACCOUNT}"'),
        ('{"Ref": "AWS::Region"}', '"us-east-1"'),
    ):
        text = text.replace(intrinsic, value)
    documents = [
        _flat(each["Properties"]["PolicyDocument"])
        for each in json.loads(text)["Resources"].values()
        if each["Type"] == "AWS::IAM::Policy"
        and any(ref.get("Ref", "").startswith(role) for ref in each["Properties"]["Roles"])
    ]
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=f"arn:aws:iam::{ACCOUNT}:role/one",
                    action=action,
                    resource=resource,
                    context={},
                    identity_policies=documents,
                    resource_account=ACCOUNT,
                )
                for action, resource in requests
            ]
        )
    ]


def _flat(value):
    match value:
        case {"Fn::GetAtt": [name, attribute]}:
            return f"arn:aws:made:us-east-1:{ACCOUNT}:{name}/{attribute}"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(_flat(part) for part in parts)
        case dict():
            return {name: _flat(part) for name, part in value.items()}
        case list():
            return [_flat(part) for part in value]
    return value


def test_the_role_may_do_what_the_nodes_do_and_nothing_beside_it(whole):
    """Another function, another knowledge base, another model and the draft of an agent are refused."""
    base = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base"
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function"

    assert (
        decided(
            whole,
            "AnswerRole",
            ("lambda:InvokeFunction", f"{function}:book"),
            ("bedrock:Retrieve", f"{base}/BASE123456"),
            ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"),
            (
                "bedrock:GetInferenceProfile",
                f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.amazon.nova-lite-v1:0",
            ),
            ("lambda:InvokeFunction", f"{function}:other"),
            ("bedrock:Retrieve", f"{base}/OTHER12345"),
            ("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"),
            ("bedrock:InvokeAgent", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:agent-alias/AGENT12345/TSTALIASID"),
            ("bedrock:InvokeFlow", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:flow/FLOW123456/alias/ALIAS12345"),
        )
        == [True] * 4 + [False] * 5
    )


def test_only_flows_of_the_account_take_on_the_role(whole):
    """Another account's flow, and another service of ours, are confused deputies."""
    (trust,) = [
        each["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
        for name, each in testing.resources(whole, "AWS::IAM::Role").items()
        if name.startswith("AnswerRole")
    ]

    assert trust["ArnLike"] == {"aws:SourceArn": f"arn:aws:bedrock:us-east-1:{ACCOUNT}:flow/*"}
    assert "aws:SourceAccount" in trust["StringEquals"]


def test_a_caller_runs_one_alias():
    """Not the draft, not another alias."""
    stack = testing.stack()
    caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    made = flow(stack)
    made.add_alias("Live").grant_invoke(caller)
    made.add_alias("Old", version="3")
    template = testing.template(stack)
    live = next(name for name in testing.resources(template, "AWS::Bedrock::FlowAlias") if "Live" in name)

    statements = [
        statement
        for each in testing.resources(template, "AWS::IAM::Policy").values()
        for statement in each["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "bedrock:InvokeFlow"
    ]

    assert [each["Resource"] for each in statements] == [{"Fn::GetAtt": [live, "Arn"]}]


def test_what_cannot_be_is_told():
    """A version that is none, and a description that is too long."""
    stack = testing.stack()
    made = flow(stack)

    with pytest.raises(FlowError, match="version is 'DRAFT': give the number of a version"):
        made.add_alias("Live", version="DRAFT")
    with pytest.raises(FlowError, match="description has 201 characters, allowed are 1 to 200"):
        Flow(stack, "Long", key=key_of(stack), definition=made.definition, description="a" * 201)
