"""Studio has no way out, stops what nobody works in, and lets each person into own spaces only."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from studio_estate import DOMAIN, domain_of, profile_of

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey, KeyUse, Network
from genai_layers.foundation.nag import attach_checks, unmatched_acknowledgements
from genai_layers.platform.sagemaker.studio import StudioDomain
from genai_layers.testing import Request, Resolver, Template, evaluate, resources
from genai_layers.testing.template_policies import policies_of
from tests.service_model import faults

pytestmark = pytest.mark.synth

HERE = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}"
PROFILE = "AWS::SageMaker::UserProfile"
SCRIPT = "#!/bin/bash\nset -eu\njupyter lab --version\n"


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
    domain = domain_of(template)

    assert (domain["AppNetworkAccessType"], domain["HomeEfsFileSystemCreation"]) == ("VpcOnly", "Disabled")
    assert "KmsKeyId" in domain
    assert domain["DomainSettings"]["DockerSettings"] == {"EnableDockerAccess": "DISABLED"}
    assert domain["DefaultUserSettings"]["SharingSettings"] == {"NotebookOutputOption": "Disabled"}
    assert domain["DomainSettings"]["ExecutionRoleIdentityConfig"] == "USER_PROFILE_NAME"


def test_apps_stop_after_an_hour_without_work_in_own_and_shared_spaces(template: Template) -> None:
    """Nobody can choose longer, and both kinds of app do."""
    domain = domain_of(template)
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
    fallback = domain_of(template)["DefaultUserSettings"]["ExecutionRole"]["Fn::GetAtt"][0]
    (policy,) = policies_of(template, fallback, Resolver(template=template))
    assert [each["Effect"] for each in policy["Statement"]] == ["Deny"]


def test_people_start_apps_of_the_list_in_own_spaces_only(template: Template) -> None:
    """Another group's space, another machine or another kind of app is refused."""
    domain_id = profile_of(template, "ann").split("/")[1]
    lab = f"{HERE}:app/{domain_id}/space/JupyterLab/default"
    own = {"sagemaker:OwnerUserProfileArn": profile_of(template, "ann")}
    small, large = {"sagemaker:InstanceTypes": ["ml.t3.medium"]}, {"sagemaker:InstanceTypes": ["ml.p4d.24xlarge"]}
    others = {"sagemaker:OwnerUserProfileArn": profile_of(template, "cleo")}
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
        ("sagemaker:CreatePresignedDomainUrl", profile_of(template, "ann"), {}),
    )

    assert answers == [True, True, False, False, False, False, False, False]


def test_the_role_takes_the_name_of_the_person_along(template: Template) -> None:
    """CloudTrail then tells who of the group it was."""
    (role,) = [each for name, each in resources(template, "AWS::IAM::Role").items() if "AnalystsRole" in name]

    actions = [each["Action"] for each in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]]

    assert actions == ["sts:AssumeRole", "sts:SetSourceIdentity"]


@pytest.mark.parametrize("kind", ["Domain", "UserProfile"])
def test_the_service_takes_what_is_asked_of_it(template: Template, kind: str) -> None:
    """Arguments pass the service model, enumerations, patterns and ranges included."""
    resolver = Resolver(template=template, values=_values(template))

    found = [
        faults("sagemaker", f"Create{kind}", resolver.resolve(each["Properties"]))
        for each in resources(template, f"AWS::SageMaker::{kind}").values()
    ]

    assert found
    assert [each for each in found if each] == []


def _values(template: Template) -> dict[str, str]:
    """Return identifiers in the form that SageMaker asks for."""
    (domain,) = resources(template, DOMAIN)
    groups = resources(template, "AWS::EC2::SecurityGroup")
    scripts = resources(template, "AWS::SageMaker::StudioLifecycleConfig")
    return {
        f"{domain}.DomainId": "d-0123456789ab",
        **{f"{each}.StudioLifecycleConfigArn": f"{HERE}:studio-lifecycle-config/{each.lower()}" for each in scripts},
        **dict.fromkeys((f"{each}.GroupId" for each in groups), "sg-0123456789abcdef0"),
        **dict.fromkeys(resources(template, "AWS::EC2::Subnet"), "subnet-0123456789abcdef0"),
        **dict.fromkeys(resources(template, "AWS::EC2::VPC"), "vpc-0123456789abcdef0"),
    }


def test_what_stands_idle_costs_the_key_alone(template: Template) -> None:
    """Apps and volumes are paid while they are there, and there is no file system."""
    report = idle_floor({"Studio": template}, "us-east-1")

    assert [line.what for line in report.unpriced] == []
    told = {each.what.split(",")[0]: each.prices for each in report.usage if "Studio" in each.what}
    assert set(told) == {"volumes of spaces of Studio", "apps of Studio"}
    assert told["apps of Studio"] == (), "the catalog has no price of an app, and does not make one up"


def test_no_acknowledgement_is_left_over(app: App) -> None:
    """Each meets a finding."""
    assert unmatched_acknowledgements(app) == []
