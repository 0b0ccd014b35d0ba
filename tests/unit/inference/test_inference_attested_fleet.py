"""The fleet around an attested key: what it keeps, what it tells its machines, and what it refuses."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from attested_estate import MEASURED, OTHER, PCR4, ZERO, attested_key, fleet
from aws_cdk import aws_iam as iam
from inference_estate import Estate, only, user_data

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import AttestationError, AttestedKey, FleetError, HostImage, IModelEndpoint, Measurement

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def template():
    """Return the template of a stack with one attested fleet."""
    estate = Estate()
    fleet(estate)
    return testing.template(estate.stack)


def test_key_and_role_are_kept_and_new_measurements_make_a_new_key(template, estate):
    """The policy can never be changed, so a change is another key, and the old one goes on opening old weights."""
    name, key = attested_key(template)
    fleet(estate, measurements=[Measurement(pcr4=OTHER)])
    (role,) = [
        role for name, role in testing.resources(template, "AWS::IAM::Role").items() if name.startswith("FleetMachines")
    ]

    assert key["Properties"]["BypassPolicyLockoutSafetyCheck"] is True
    assert key["Properties"]["EnableKeyRotation"] is True
    assert (key["DeletionPolicy"], role["DeletionPolicy"]) == ("Retain", "Retain")
    assert attested_key(testing.template(estate.stack))[0] != name


def test_user_data_names_places_and_starts_nothing(template):
    """It is not measured, and an attestable image runs none of it."""
    given = json.loads(user_data(template))

    assert set(given) == {"region", "sealed", "key", "api_key_secret", "log_group", "fleet"}
    assert given["sealed"].endswith("/llama-3.1-8b-sealed/")


def test_machines_have_a_tpm_and_hold_the_weights_in_memory(template):
    """A g6.xlarge has the GPU for the model and not the memory for its weights."""
    overrides = only(template, "AWS::AutoScaling::AutoScalingGroup")["MixedInstancesPolicy"]["LaunchTemplate"][
        "Overrides"
    ]

    assert overrides[0]["InstanceType"] == "g6.2xlarge"


def test_a_machine_pulls_no_image_and_decrypts_the_bucket_through_s3(template):
    """All that runs was measured, so there is nothing to pull; the bucket's own key is an ordinary one."""
    statements = [
        statement
        for policy in testing.resources(template, "AWS::IAM::Policy").values()
        if policy["Properties"]["Roles"][0]["Ref"].startswith("FleetMachines")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]

    assert not any("ecr:" in json.dumps(statement) for statement in statements)
    assert all("Condition" in statement for statement in statements if "kms:Decrypt" in json.dumps(statement["Action"]))


def test_an_attested_fleet_is_asked_like_any_other(estate):
    """Callers need not know."""
    assert isinstance(fleet(estate), IModelEndpoint)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"measurements": []}, "no measurement is given, and a key without one opens to nobody"),
        ({"measurements": [Measurement(pcr4=ZERO)]}, "measurement has pcr4=0000..., the same digit throughout"),
        ({"measurements": [Measurement(pcr4="f" * 96)]}, "which any unmeasured or debug boot could show"),
        ({"measurements": [Measurement(pcr4=PCR4.upper())]}, "give 96 lower-case hexadecimal digits"),
        ({"measurements": [Measurement(pcr4=PCR4, pcr12="00")]}, "measurement has pcr12='00'"),
        ({"machine_image": HostImage.nvidia()}, "but measurements belong to one: use HostImage.pinned(...)"),
        (
            {"instance_types": ["p4d.24xlarge"]},
            "'p4d.24xlarge' cannot boot an attestable image, which needs NitroTPM and UEFI: choose g6.2xlarge",
        ),
        (
            {"instance_types": ["g6.xlarge"]},
            "instance_type 'g6.xlarge' has 10.4 GiB of memory for opened weights and model 'llama-3.1-8b' has 15.0 GiB",
        ),
    ],
)
def test_what_would_attest_nothing_is_refused(estate, changed, reason):
    """An image that follows AWS, a register of zeros, a machine without a TPM or without room."""
    with pytest.raises(FleetError) as caught:
        fleet(estate, **changed)

    assert reason in str(caught.value)


def test_a_key_of_its_own_is_refused_likewise(estate):
    """`AttestedKey` is used without a fleet too."""
    role = iam.Role(estate.stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))

    with pytest.raises(AttestationError, match="attested key 'Stack/Key2' cannot be made"):
        AttestedKey(estate.stack, "Key2", description="d", measurements=[], machine=role, sealer=role)


def test_measurements_are_read_as_the_tool_prints_them():
    """With its heading or without, in either case of letters."""
    text = json.dumps({"Measurements": {"HashAlgorithm": "SHA384", "PCR4": PCR4.upper(), "PCR12": ZERO}})

    assert Measurement.from_json(text) == MEASURED
    with pytest.raises(ValueError, match="no PCR4 in"):
        Measurement.from_json("{}")


def test_no_check_objects_to_an_attested_fleet():
    """All four packs, our own rules and the CloudFormation validator."""
    app = testing.app()
    attach_checks(app)
    fleet(Estate(app))
    with contextlib.suppress(RuntimeError):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))

    assert [
        (violation["ruleName"], construct["constructPath"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
        if "/Fleet/" in construct["constructPath"]
    ] == []
