"""Who comes into Studio, and what is refused of a domain and its people."""

from __future__ import annotations

import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from studio_estate import domain_of, profile_of, studio_in

from genai_layers import testing
from genai_layers.platform.sagemaker.studio import IdleShutdown, SignIn, StudioError
from genai_layers.testing import Request, Resolver, evaluate, resources

pytestmark = pytest.mark.synth

PROFILE = "AWS::SageMaker::UserProfile"
SCRIPT = "#!/bin/bash\nset -eu\njupyter lab --version\n"


def test_a_name_stays_until_something_else_can_only_be_replaced() -> None:
    """CloudFormation makes the new domain before the old one goes, so they may not share a name."""
    names = []
    for sign_in, minutes in ((SignIn.IAM, 60), (SignIn.IAM, 120), (SignIn.SSO, 60)):
        stack = testing.stack()
        studio_in(stack, sign_in=sign_in, idle=IdleShutdown(after=Duration.minutes(minutes)))
        names.append(domain_of(testing.template(stack))["DomainName"])

    assert names[0] == names[1] != names[2]


def test_a_user_opens_studio_with_a_second_factor_only_and_as_nobody_else() -> None:
    """A long-lived key, whose requests do not have the sign at all, opens nothing."""
    stack = testing.stack()
    group = studio_in(stack).add_group("Analysts", ["ann", "ben"])
    user = iam.User(stack, "Ann")
    group.grant_open(user, "ann")
    template = testing.template(stack)
    policies = [
        Resolver(template=template).resolve(policy["Properties"]["PolicyDocument"])
        for policy in resources(template, "AWS::IAM::Policy").values()
        if "Users" in policy["Properties"]
    ]

    def opens(person: str, context: dict[str, str]) -> bool:
        (decision,) = evaluate(
            [
                Request(
                    principal=f"arn:aws:iam::{testing.ACCOUNT}:user/ann",
                    action="sagemaker:CreatePresignedDomainUrl",
                    resource=profile_of(template, person),
                    context=context,
                    identity_policies=policies,
                    resource_account=testing.ACCOUNT,
                )
            ]
        )
        return decision.allowed

    with_factor = {"aws:MultiFactorAuthPresent": "true"}
    answers = [opens("ann", with_factor), opens("ann", {}), opens("ben", with_factor)]

    assert answers == [True, False, False]


def test_the_start_script_is_new_under_a_new_name() -> None:
    """All of it is create-only, so a change must not meet the old name."""
    names = []
    for script in (SCRIPT, f"{SCRIPT}echo changed\n"):
        stack = testing.stack()
        studio_in(stack, start_script=script)
        found = resources(testing.template(stack), "AWS::SageMaker::StudioLifecycleConfig").values()
        names.append(sorted(each["Properties"]["StudioLifecycleConfigName"] for each in found))

    assert len({*names[0], *names[1]}) == 4


def test_people_of_identity_center_keep_their_own_names() -> None:
    """A profile cannot be called as an address is; what it signs in with can."""
    stack = testing.stack()
    studio_in(stack, sign_in=SignIn.SSO).add_group("Analysts", ["ann@example.com"])

    (profile,) = resources(testing.template(stack), PROFILE).values()

    assert profile["Properties"]["UserProfileName"] == "ann-example-com"
    assert profile["Properties"]["SingleSignOnUserValue"] == "ann@example.com"
    assert profile["DeletionPolicy"] == "Retain"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Times, machines, volumes, script and subnets."""
    with pytest.raises(StudioError) as told:
        studio_in(
            idle=IdleShutdown(after=Duration.minutes(30)),
            instance_types=["t3.medium"],
            volume_gb=200,
            start_script="pip install x",
            subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        )

    for words in ("after of 30 minutes", "'ml.t3.medium'", "volume_gb is 200", "#!/bin/bash", "isolated"):
        assert words in str(told.value)


def test_a_choice_below_the_default_and_a_long_script_are_refused() -> None:
    """Nothing is clamped."""
    with pytest.raises(StudioError, match="longest of 60 minutes, below after of 120"):
        studio_in(idle=IdleShutdown(after=Duration.hours(2), longest=Duration.hours(1)))
    with pytest.raises(StudioError, match="at most 12288"):
        studio_in(start_script="#!" + "x" * 13_000)


@pytest.mark.parametrize(
    ("people", "words"),
    [([], "people is empty"), (["a b"], "makes no name"), (["ann"], "in group 'First' already")],
    ids=["nobody", "a blank", "twice"],
)
def test_names_that_make_no_profile_are_refused(people: list[str], words: str) -> None:
    """With the name, and what to change."""
    studio = studio_in()
    studio.add_group("First", ["ann"])

    with pytest.raises(StudioError, match=words):
        studio.add_group("Second", people)


def test_only_people_of_the_group_are_opened_for() -> None:
    """A misspelt name grants nothing."""
    group = studio_in().add_group("First", ["ann"])

    with pytest.raises(StudioError, match="choose ann"):
        group.grant_open(iam.User(group, "User"), "anne")


def test_two_people_whose_names_fall_together_are_refused() -> None:
    """One profile is one person."""
    with pytest.raises(StudioError, match="would share the profile"):
        studio_in(sign_in=SignIn.SSO).add_group("First", ["ann@example.com", "ann.example.com"])
