"""Update and destroy: nothing outlives its owner unseen, and no handler touches what is not its own."""

from __future__ import annotations

import pytest
from aws_cdk import aws_logs as logs
from case_templates import SOURCES, made_before, references, resources_of, templates_of

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse, Network
from genai_layers.testing import Request

pytestmark = pytest.mark.synth

HANDLERS_OF_THE_CDK = {
    "Custom::AWSCDK-EKS-HelmChart",
    "Custom::AWSCDK-EKS-KubernetesPatch",
    "Custom::AWSCDK-EKS-KubernetesResource",
    "Custom::CDKBucketDeployment",
    "Custom::S3AutoDeleteObjects",
}
OUR_HANDLERS = {
    "Custom::ApiLogSetting",
    "Custom::ModelInvocationLogging",
    "Custom::PassageTable",
    "Custom::VpcRestrictDefaultSG",
}
"""Custom resources whose function knows create, update and delete, each with tests of its own."""
EMPTIER = "CustomS3AutoDeleteObjectsCustomResourceProviderRole3B1BD092"


@pytest.mark.parametrize("source", SOURCES)
def test_case_49_a_machine_takes_its_volumes_along(source: str) -> None:
    """A volume that stays when its machine goes is paid for ever, and nobody looks for it."""
    left = [
        f"{stack}/{logical_id} {disk['DeviceName']}"
        for stack, logical_id, one in resources_of(source, "AWS::EC2::LaunchTemplate")
        for disk in one["Properties"]["LaunchTemplateData"].get("BlockDeviceMappings", [])
        if disk.get("Ebs", {}).get("DeleteOnTermination") is not True
    ]

    assert left == []


@pytest.mark.tool
@pytest.mark.parametrize("source", ["local", "staging"])
def test_case_52_a_bucket_is_closed_to_writers_before_it_is_emptied(source: str) -> None:
    """Logs go on arriving after their source is gone; the emptier may forbid them in the policy, in every bucket."""
    asked = []
    for stack, template in templates_of(source).items():
        resolver = testing.Resolver(template=template)
        for emptied in testing.resources(template, "Custom::S3AutoDeleteObjects").values():
            (bucket,) = references(emptied["Properties"]["BucketName"])
            asked.append(
                Request(
                    principal=resolver.arn(EMPTIER),
                    action="s3:PutBucketPolicy",
                    resource=resolver.arn(bucket),
                    resource_policy=testing.bucket_policy_of(template, bucket),
                )
            )
            policies = testing.resources(template, "AWS::S3::BucketPolicy")
            (policy,) = (name for name, one in policies.items() if references(one["Properties"]["Bucket"]) == {bucket})
            assert policy in emptied["DependsOn"], stack

    assert len(asked) == len([*resources_of(source, "AWS::S3::Bucket")])
    assert all(decision.allowed for decision in testing.evaluate(asked))


@pytest.mark.parametrize("source", ["prod"])
def test_case_53_nothing_empties_a_bucket_that_is_kept(source: str) -> None:
    """Where data is kept there is no function that could delete it, by mistake or on a rollback (case 54)."""
    assert [*resources_of(source, "Custom::S3AutoDeleteObjects")] == []
    assert {one["DeletionPolicy"] for _, _, one in resources_of(source, "AWS::S3::Bucket")} == {"Retain"}
    assert {one["UpdateReplacePolicy"] for _, _, one in resources_of(source, "AWS::S3::Bucket")} == {"Retain"}


@pytest.mark.parametrize("source", SOURCES)
def test_case_55_no_api_call_is_dressed_up_as_a_resource(source: str) -> None:
    """A call at the deploy has no id that changes, so nothing is ever replaced or deleted."""
    customs = {
        one["Type"]
        for _, _, one in resources_of(source)
        if one["Type"].startswith("Custom::") or one["Type"] == "AWS::CloudFormation::CustomResource"
    }

    assert customs <= HANDLERS_OF_THE_CDK | OUR_HANDLERS


@pytest.mark.parametrize("source", SOURCES)
def test_case_44_a_function_keeps_the_permission_of_its_interfaces_until_it_is_gone(source: str) -> None:
    """Deleted in the reverse of the order in which they were made: the function first, then what lets it clean up."""
    early = []
    for stack, template in templates_of(source).items():
        resources = template["Resources"]
        for logical_id, one in testing.resources(template, "AWS::Lambda::Function").items():
            if "VpcConfig" not in one["Properties"]:
                continue
            (role,) = references(one["Properties"]["Role"])
            holders = {
                name
                for name, policy in testing.resources(template, "AWS::IAM::Policy").items()
                if role in references(policy["Properties"]["Roles"])
                and "ec2:DeleteNetworkInterface" in str(policy["Properties"]["PolicyDocument"])
            }
            if not holders & made_before(resources, logical_id):
                early.append(f"{stack}/{logical_id}")

    assert early == []


@pytest.mark.tool
def test_case_39_two_of_a_kind_in_one_stack_can_both_be_cleaned_up() -> None:
    """One function for a whole stack, allowed on the first of its resources only, fails on the second for ever."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="flow logs", uses=[KeyUse.LOGS]).key
    for name in ("First", "Second"):
        Network(stack, name, flow_log_key=key, log_retention=logs.RetentionDays.ONE_YEAR)
    template = testing.template(stack)
    resolver = testing.Resolver(template=template)
    resources = template["Resources"]

    asked = []
    for one in testing.resources(template, "Custom::VpcRestrictDefaultSG").values():
        (function,) = references(one["Properties"]["ServiceToken"])
        (role,) = references(resources[function]["Properties"]["Role"])
        group = resolver.resolve(one["Properties"]["DefaultSecurityGroupId"])
        asked.append(
            Request(
                principal=resolver.arn(role),
                action="ec2:RevokeSecurityGroupIngress",
                resource=f"arn:aws:ec2:us-east-1:{testing.ACCOUNT}:security-group/{group}",
                identity_policies=testing.policies_of(template, role),
            )
        )

    assert len({request.resource for request in asked}) == 2
    assert all(decision.allowed for decision in testing.evaluate(asked))
