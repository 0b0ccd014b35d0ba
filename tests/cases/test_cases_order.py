"""Order: nothing is made before what it needs, and nothing stands on what another stack still holds."""

from __future__ import annotations

from collections import defaultdict

import pytest
from case_templates import SOURCES, made_before, references, resources_of, templates_of, waits_for

pytestmark = pytest.mark.synth

POLICIES = {"AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"}
NAMES_A_ROLE_ONLY = {
    "AWS::BedrockAgentCore::Policy",  # of a gateway: names who may use which tool
    "AWS::EKS::AccessEntry",
    "AWS::IAM::InstanceProfile",
    "AWS::KMS::Key",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
}
"""Types that write a role down and do not act as it."""
INLINE = {"AWS::BedrockAgentCore::Runtime"}
"""Types whose role holds what the service asks for in itself, so that agents can be granted one another (0046)."""

HOLDS_INTERFACES = {
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::BedrockAgentCore::BrowserCustom",
    "AWS::BedrockAgentCore::CodeInterpreterCustom",
    "AWS::BedrockAgentCore::Runtime",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::SageMaker::Endpoint",
}


@pytest.mark.parametrize("source", SOURCES)
def test_case_9_whatever_acts_as_a_role_waits_for_every_policy_of_it(source: str) -> None:
    """A role is there before its policy is attached; who uses it in between is refused, most of the time."""
    early = []
    for stack, template in templates_of(source).items():
        resources = template["Resources"]
        policies = defaultdict(set)
        for logical_id, resource in resources.items():
            if resource["Type"] in POLICIES:
                for role in references(resource["Properties"].get("Roles", [])):
                    policies[role].add(logical_id)
        for logical_id, resource in resources.items():
            if resource["Type"] in POLICIES | NAMES_A_ROLE_ONLY | INLINE | {"AWS::IAM::Role"}:
                continue
            written = resource.get("Properties", {})
            if resource["Type"] == "AWS::StepFunctions::StateMachine":
                written = written["RoleArn"]  # the definition names roles that it hands on
            before = made_before(resources, logical_id)
            for role in references(written) & set(policies):
                early += [
                    f"{stack}/{logical_id} ({resource['Type']}) before {policy}"
                    for policy in policies[role] - before
                    if logical_id not in made_before(resources, policy)
                ]

    assert early == []


@pytest.mark.parametrize("source", SOURCES)
def test_case_6_every_reference_leads_to_something_that_is_rendered(source: str) -> None:
    """A dependency on what was never written fails only at the deploy."""
    lost = [
        f"{stack}/{logical_id} -> {target}"
        for stack, logical_id, resource in resources_of(source)
        for target in waits_for(resource)
        if not target.startswith("AWS::")
        and target not in templates_of(source)[stack]["Resources"]
        and target not in templates_of(source)[stack].get("Parameters", {})
    ]

    assert lost == []


@pytest.mark.parametrize("source", ["local", "prod"])
def test_case_42_nothing_with_interfaces_of_its_own_shares_a_stack_with_the_network(source: str) -> None:
    """Subnets cannot go while a service still holds an interface in them; in a stack of their own they wait alone."""
    (network,) = {stack for stack, _, _ in resources_of(source, "AWS::EC2::VPC")}
    interfaces = {
        logical_id
        for stack, logical_id, resource in resources_of(source)
        if stack == network
        and (
            resource["Type"] in HOLDS_INTERFACES
            or (resource["Type"] == "AWS::Lambda::Function" and "VpcConfig" in resource["Properties"])
        )
    }

    assert interfaces == set()
    assert {stack for stack, _, _ in resources_of(source, "AWS::EC2::Subnet")} == {network}
