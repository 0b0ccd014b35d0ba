"""Studio has no way out, stops what nobody works in, and lets each person into own spaces only."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey, KeyUse, Network
from genai_layers.foundation.nag import attach_checks, unmatched_acknowledgements
from genai_layers.platform.sagemaker.studio import IdleShutdown, SignIn, StudioDomain, StudioError
from genai_layers.testing import Request, Resolver, Template, evaluate, resources
from genai_layers.testing.template_policies import policies_of

pytestmark = pytest.mark.synth

HERE = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"
DOMAIN = "AWS::SageMaker::Domain"
PROFILE = "AWS::SageMaker::UserProfile"
SCRIPT = "#!/bin/bash\nset -eu\njupyter lab --version\n"


def _vpc(stack: Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["a", "b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
        public_subnet_ids=["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
        public_subnet_route_table_ids=["rtb-0123456789abcdef2", "rtb-0123456789abcdef3"],
    )


def _studio(stack: Stack | None = None, **props: Any) -> StudioDomain:
    stack = stack or testing.stack()
    key = EncryptionKey(stack, "Key", description="notebooks", uses=StudioDomain.REQUIRED_KEY_USES).key
    given = {"subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED), **props}
    return StudioDomain(stack, "Studio", key=key, vpc=_vpc(stack), **given)


@pytest.fixture(scope="module")
def app() -> App:
    """A domain with two groups, under every pack; this raises where anything is found."""
    app = testing.app()
    attach_checks(app)
    stack = testing.stack(app, "Studio")
    uses = [*StudioDomain.REQUIRED_KEY_USES, KeyUse.LOGS]
    key = EncryptionKey(stack, "Key", description="notebooks", uses=uses).key
    network = Network(stack, "Network", flow_log_key=key, log_retention=logs.RetentionDays.ONE_YEAR)
    studio = StudioDomain(
        stack,
        "Studio",
        key=key,
        vpc=network.vpc,
        subnets=network.isolated,
        start_script=SCRIPT,
        removal_policy=RemovalPolicy.DESTROY,
    )
    studio.add_group("Analysts", ["ann", "ben"])
    studio.add_group("Scientists", ["cleo"], instance_types=["ml.m5.xlarge"])
    testing.template(stack)
    return app


def _of(app: App, id: str) -> Template:
    stack = app.node.find_child(id)
    assert isinstance(stack, Stack)
    return testing.template(stack)


@pytest.fixture(scope="module")
def template(app: App) -> Template:
    """The stack of the domain."""
    return _of(app, "Studio")


def _domain(template: Template) -> dict[str, Any]:
    (found,) = resources(template, DOMAIN).values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def _may(template: Template, role: str, *calls: tuple[str, str, dict[str, Any]]) -> list[bool]:
    resolver = Resolver(template=template)
    (logical_id,) = [name for name in resources(template, "AWS::IAM::Role") if name.startswith(role)]
    return [
        decision.allowed
        for decision in evaluate(
            [
                Request(
                    principal=f"arn:aws:iam::{testing.ACCOUNT}:role/r",
                    action=action,
                    resource=resource,
                    context=context,
                    identity_policies=policies_of(template, logical_id, resolver),
                    resource_account=testing.ACCOUNT,
                )
                for action, resource, context in calls
            ]
        )
    ]


def test_studio_has_no_way_to_the_internet_and_leaves_no_file_system_behind(template: Template) -> None:
    """Apps stand in the network; a home file system would be billed after the domain is gone."""
    domain = _domain(template)

    assert (domain["AppNetworkAccessType"], domain["HomeEfsFileSystemCreation"]) == ("VpcOnly", "Disabled")
    assert "KmsKeyId" in domain
    assert domain["DomainSettings"]["DockerSettings"] == {"EnableDockerAccess": "DISABLED"}
    assert domain["DefaultUserSettings"]["SharingSettings"] == {"NotebookOutputOption": "Disabled"}
    assert domain["DomainSettings"]["ExecutionRoleIdentityConfig"] == "USER_PROFILE_NAME"


def test_apps_stop_after_an_hour_without_work_in_own_and_shared_spaces(template: Template) -> None:
    """Nobody can choose longer, and both kinds of app do."""
    domain = _domain(template)
    hour = {
        "LifecycleManagement": "ENABLED",
        "IdleTimeoutInMinutes": 60,
        "MinIdleTimeoutInMinutes": 60,
        "MaxIdleTimeoutInMinutes": 60,
    }

    found = [
        domain[where][app]["AppLifecycleManagement"]["IdleSettings"]
        for where, app in (
            ("DefaultUserSettings", "JupyterLabAppSettings"),
            ("DefaultUserSettings", "CodeEditorAppSettings"),
            ("DefaultSpaceSettings", "JupyterLabAppSettings"),
        )
    ]

    assert found == [hour] * 3


def test_a_name_stays_until_something_else_can_only_be_replaced() -> None:
    """CloudFormation makes the new domain before the old one goes, so they may not share a name."""
    names = []
    for sign_in, minutes in ((SignIn.IAM, 60), (SignIn.IAM, 120), (SignIn.SSO, 60)):
        stack = testing.stack()
        _studio(stack, sign_in=sign_in, idle=IdleShutdown(after=Duration.minutes(minutes)))
        names.append(_domain(testing.template(stack))["DomainName"])

    assert names[0] == names[1] != names[2]


def test_each_person_has_a_profile_with_the_role_of_the_group(template: Template) -> None:
    """The role of the domain itself is for nobody and is denied everything."""
    roles = {
        profile["Properties"]["UserProfileName"]: profile["Properties"]["UserSettings"]["ExecutionRole"]["Fn::GetAtt"][
            0
        ]
        for profile in resources(template, PROFILE).values()
    }

    assert set(roles) == {"ann", "ben", "cleo"}
    assert roles["ann"] == roles["ben"] != roles["cleo"]
    fallback = _domain(template)["DefaultUserSettings"]["ExecutionRole"]["Fn::GetAtt"][0]
    (policy,) = policies_of(template, fallback, Resolver(template=template))
    assert [each["Effect"] for each in policy["Statement"]] == ["Deny"]


def _profile(template: Template, person: str) -> str:
    (domain,) = resources(template, DOMAIN)
    resolver = Resolver(template=template)
    domain_id = resolver.resolve({"Fn::GetAtt": [domain, "DomainId"]})
    return f"{HERE}:user-profile/{domain_id}/{person}"


def test_people_start_apps_of_the_list_in_own_spaces_only(template: Template) -> None:
    """Another group's space, another machine or another kind of app is refused."""
    domain_id = _profile(template, "ann").split("/")[1]
    lab = f"{HERE}:app/{domain_id}/space/JupyterLab/default"
    own = {"sagemaker:OwnerUserProfileArn": _profile(template, "ann")}
    small, large = {"sagemaker:InstanceTypes": ["ml.t3.medium"]}, {"sagemaker:InstanceTypes": ["ml.p4d.24xlarge"]}
    others = {"sagemaker:OwnerUserProfileArn": _profile(template, "cleo")}
    create = "sagemaker:CreateApp"

    answers = _may(
        template,
        "StudioAnalystsRole",
        (create, lab, {**own, **small}),
        ("sagemaker:DeleteApp", lab, own),
        (create, lab, {**own, **large}),
        (create, lab, {**others, **small}),
        (create, lab.replace("JupyterLab", "Canvas"), {**own, **small}),
        (create, lab.replace(domain_id, "d-another"), {**own, **small}),
        ("sagemaker:CreateTrainingJob", f"{HERE}:training-job/mine", {}),
        ("sagemaker:CreatePresignedDomainUrl", _profile(template, "ann"), {}),
    )

    assert answers == [True, True, False, False, False, False, False, False]


def test_the_role_takes_the_name_of_the_person_along(template: Template) -> None:
    """CloudTrail then tells who of the group it was."""
    (role,) = [each for name, each in resources(template, "AWS::IAM::Role").items() if "AnalystsRole" in name]

    actions = [each["Action"] for each in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]]

    assert actions == ["sts:AssumeRole", "sts:SetSourceIdentity"]


def test_a_user_opens_studio_with_a_second_factor_only_and_as_nobody_else() -> None:
    """A long-lived key, whose requests do not have the sign at all, opens nothing."""
    stack = testing.stack()
    group = _studio(stack).add_group("Analysts", ["ann", "ben"])
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
                    resource=_profile(template, person),
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
        _studio(stack, start_script=script)
        found = resources(testing.template(stack), "AWS::SageMaker::StudioLifecycleConfig").values()
        names.append(sorted(each["Properties"]["StudioLifecycleConfigName"] for each in found))

    assert len({*names[0], *names[1]}) == 4


def test_people_of_identity_center_keep_their_own_names() -> None:
    """A profile cannot be called as an address is; what it signs in with can."""
    stack = testing.stack()
    _studio(stack, sign_in=SignIn.SSO).add_group("Analysts", ["ann@example.com"])

    (profile,) = resources(testing.template(stack), PROFILE).values()

    assert profile["Properties"]["UserProfileName"] == "ann-example-com"
    assert profile["Properties"]["SingleSignOnUserValue"] == "ann@example.com"
    assert profile["DeletionPolicy"] == "Retain"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Times, machines, volumes, script and subnets."""
    with pytest.raises(StudioError) as told:
        _studio(
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
        _studio(idle=IdleShutdown(after=Duration.hours(2), longest=Duration.hours(1)))
    with pytest.raises(StudioError, match="at most 12288"):
        _studio(start_script="#!" + "x" * 13_000)


@pytest.mark.parametrize(
    ("people", "words"),
    [([], "people is empty"), (["a b"], "makes no name"), (["ann"], "in group 'First' already")],
    ids=["nobody", "a blank", "twice"],
)
def test_names_that_make_no_profile_are_refused(people: list[str], words: str) -> None:
    """With the name, and what to change."""
    studio = _studio()
    studio.add_group("First", ["ann"])

    with pytest.raises(StudioError, match=words):
        studio.add_group("Second", people)


def test_only_people_of_the_group_are_opened_for() -> None:
    """A misspelt name grants nothing."""
    group = _studio().add_group("First", ["ann"])

    with pytest.raises(StudioError, match="choose ann"):
        group.grant_open(iam.User(group, "User"), "anne")


def test_two_people_whose_names_fall_together_are_refused() -> None:
    """One profile is one person."""
    with pytest.raises(StudioError, match="would share the profile"):
        _studio(sign_in=SignIn.SSO).add_group("First", ["ann@example.com", "ann.example.com"])


def test_what_stands_idle_costs_the_key_alone(template: Template) -> None:
    """Apps and volumes are paid while they are there, and there is no file system."""
    report = idle_floor({"Studio": template}, "us-east-1")

    assert [line.what for line in report.unpriced] == []
    assert any("space" in each.what for each in report.usage)


def test_no_acknowledgement_is_left_over(app: App) -> None:
    """Each meets a finding."""
    assert unmatched_acknowledgements(app) == []
