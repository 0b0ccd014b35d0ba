"""Where agents stand: zones that are served, a stack of its own, and one role made once."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from agent_builders import ZONES, image, key_of, runtime, stacks
from aws_cdk import aws_ec2 as ec2

from genai_layers import testing
from genai_layers.foundation import Network
from genai_layers.platform.agents import (
    AgentError,
    AgentNetwork,
    AgentRuntime,
    CodeInterpreter,
    InboundAccess,
)
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth


def imported(stack) -> ec2.IVpc:
    """Return a network that this app knows nothing of."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_ids=["subnet-1", "subnet-2"],
        isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )


def test_case_11_a_zone_that_agentcore_does_not_serve_is_refused_by_its_id():
    """The runtime would never stabilize; names of zones differ between accounts, so ids are what counts."""
    stack, network = stacks(zone_ids=["use1-az1", "use1-az6"])

    with pytest.raises(AgentError, match=r"zone 'use1-az6' is not served by AgentCore: .*use1-az1, use1-az2, use1-az4"):
        AgentNetwork(stack, "Place", vpc=network.vpc)


@pytest.mark.parametrize("region", ZONES)
def test_case_11_the_zones_are_read_from_the_subnets_themselves(region):
    """Nobody has to say twice what the network was made with."""
    stack, network = stacks(region)

    assert AgentNetwork(stack, "Place", vpc=network.vpc).zone_ids == ZONES[region]


def test_case_11_a_network_that_says_nothing_of_its_zones_is_refused():
    """The first zones of the account are whichever they are, and may not be served."""
    stack, network = stacks(zone_ids=[])

    with pytest.raises(AgentError, match="nobody says in which zones the subnets are: make the network with zone_ids"):
        AgentNetwork(stack, "Place", vpc=network.vpc)


def test_case_11_a_stack_without_a_region_needs_a_reason():
    """Nothing can be checked then, so whoever knows says how."""
    stack = cdk.Stack(testing.app(), "Anywhere")
    vpc = imported(stack)

    with pytest.raises(AgentError, match=r"the stack names no region, .*unlisted_zones_reason"):
        AgentNetwork(stack, "Place", vpc=vpc, zone_ids=["use1-az1"])

    assert AgentNetwork(stack, "Taken", vpc=vpc, unlisted_zones_reason="looked up for our account").zone_ids == ()


def test_case_11_the_reason_lands_where_an_auditor_looks():
    """A relaxation is part of the template of what it was made for."""
    stack = testing.stack()
    place = AgentNetwork(stack, "Place", vpc=imported(stack), unlisted_zones_reason="looked up for our account")

    clerk = runtime(stack, place)

    assert [each.data for each in clerk.runtime.node.metadata if each.type == "genai-layers:unlisted-zones"] == [
        "looked up for our account"
    ]


def test_case_12_what_stands_in_a_network_is_made_one_after_the_other():
    """The first makes the service-linked role; all at once would be refused for the rate, and take each other down."""
    stack, network = stacks()
    place = AgentNetwork(stack, "Place", vpc=network.vpc)
    first, second, third = (
        runtime(stack, place, "One"),
        runtime(stack, place, "Two"),
        CodeInterpreter(stack, "Code", network=place),
    )

    template = testing.template(stack)

    names = [
        stack.get_logical_id(each.node.default_child) for each in (first.runtime, second.runtime, third.interpreter)
    ]
    waits = [template["Resources"][name].get("DependsOn", []) for name in names]
    assert [before in wait for before, wait in zip(names, waits[1:], strict=False)] == [True, True]


def test_case_12_two_agents_that_call_each_other_do_not_wait_for_each_other():
    """Grants are policies beside the role, which nothing waits for; a circle could not be deployed."""
    stack, network = stacks()
    place = AgentNetwork(stack, "Place", vpc=network.vpc)
    one, two = runtime(stack, place, "One"), runtime(stack, place, "Two")
    one.grant_invoke(two)
    two.grant_invoke(one)

    template = testing.template(stack)

    first = template["Resources"][stack.get_logical_id(one.runtime.node.default_child)]
    assert first.get("DependsOn", []) == []


def test_case_13_a_deploying_role_may_make_the_network_role_and_no_other():
    """The service asks for the permission since a day in 2025; it is given for one role of one service."""
    stack, network = stacks()
    statement = AgentNetwork(stack, "Place", vpc=network.vpc).deployer_statement()
    policy = {"Version": "2012-10-17", "Statement": [stack.resolve(statement.to_statement_json())]}
    role = "arn:aws:iam::111122223333:role/aws-service-role/{0}/AWSServiceRoleForBedrockAgentCoreNetwork"
    filled = _filled(policy)

    decisions = evaluate(
        [
            Request(
                principal="arn:aws:iam::111122223333:role/deploy",
                action="iam:CreateServiceLinkedRole",
                resource=role.format(service),
                context={"iam:AWSServiceName": service},
                identity_policies=[filled],
            )
            for service in ("network.bedrock-agentcore.amazonaws.com", "autoscaling.amazonaws.com")
        ]
    )

    assert [decision.allowed for decision in decisions] == [True, False]


def test_case_43_a_network_in_the_same_stack_is_refused():
    """AgentCore's network interfaces stay for hours, and the delete of such a stack never ends."""
    stack = testing.stack()
    network = Network(
        stack,
        "Network",
        flow_log_key=key_of(stack).key,
        log_retention=cdk.aws_logs.RetentionDays.ONE_YEAR,
        zone_ids=ZONES["us-east-1"],
    )

    with pytest.raises(AgentError, match="up to eight hours: put the network into a stack of its own"):
        AgentNetwork(stack, "Place", vpc=network.vpc)


def test_every_fault_of_a_runtime_is_told_at_once():
    """An image by tag, tokens for anybody and a session that could never end are three things to change."""
    stack, network = stacks()
    place = AgentNetwork(stack, "Place", vpc=network.vpc)

    with pytest.raises(AgentError) as raised:
        AgentRuntime(
            stack,
            "Clerk",
            image=image(stack, digest="latest"),
            network=place,
            access=InboundAccess.jwt(discovery_url="http://issuer.example"),
            key=key_of(stack).key,
            idle_timeout=cdk.Duration.hours(9),
        )

    assert len(raised.value.faults) == 4


def _filled(policy):
    """Fill in what the ARN of the role is made of."""
    text = policy["Statement"][0]
    resource = text["Resource"]
    parts = resource["Fn::Join"][1] if isinstance(resource, dict) else [resource]
    values = {"AWS::Partition": "aws", "AWS::AccountId": "111122223333"}
    joined = "".join(part if isinstance(part, str) else values[part["Ref"]] for part in parts)
    return {**policy, "Statement": [{**text, "Resource": joined}]}
