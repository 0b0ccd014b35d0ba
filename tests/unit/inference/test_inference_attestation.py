"""A key that opens to a measured boot and to nobody else, decided by an IAM evaluator; and the fleet around it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from inference_estate import ACCOUNT, REASON, Estate, fill, only, user_data

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import (
    AttestationError,
    AttestedFleet,
    AttestedKey,
    FleetError,
    HostImage,
    IModelEndpoint,
    Measurement,
)
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

PCR4 = "0123456789abcdef" * 6
OTHER = "fedcba9876543210" * 6
ZERO = "0" * 96
MEASURED = Measurement(pcr4=PCR4)
ATTESTED = {
    "kms:RecipientAttestation:NitroTPMPCR4": PCR4,
    "kms:RecipientAttestation:NitroTPMPCR12": ZERO,
}
MACHINE = f"arn:aws:iam::{ACCOUNT}:role/Machine"
SEALER = f"arn:aws:iam::{ACCOUNT}:role/Sealer"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/Admin"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def fleet(estate: Estate, **changed) -> AttestedFleet:
    """Return an attested fleet that differs from the simplest one in *changed*."""
    props = {
        "vpc": estate.network.vpc,
        "subnets": estate.network.isolated,
        "key": estate.key.key,
        "model": "llama-3.1-8b",
        "sealed": estate.weights.bucket,
        "sealed_prefix": "llama-3.1-8b-sealed",
        "machine_image": HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, cuda="13.2"),
        "measurements": [MEASURED],
        "sealer": iam.ArnPrincipal(SEALER),
        "access_logs": estate.logs.bucket,
        "log_retention": logs.RetentionDays.ONE_YEAR,
        "plaintext_reason": REASON,
    }
    return AttestedFleet(estate.stack, "Fleet", **{**props, **changed})


@pytest.fixture(scope="module")
def template():
    """Return the template of a stack with one attested fleet."""
    estate = Estate()
    fleet(estate)
    return testing.template(estate.stack)


def attested_key(template):
    """Return logical id and resource of the attested key."""
    (found,) = [
        (name, key)
        for name, key in testing.resources(template, "AWS::KMS::Key").items()
        if name.startswith("FleetAttestedKey")
    ]
    return found


@pytest.fixture(scope="module")
def policy(template):
    """Return the policy of the attested key, with the machine's role by its name."""
    text = json.dumps(fill(attested_key(template)[1]["Properties"]["KeyPolicy"]))
    (role,) = [name for name in testing.resources(template, "AWS::IAM::Role") if name.startswith("FleetMachines")]
    return json.loads(text.replace(f"arn:aws:made:::{role}", MACHINE))


def allowed(policy, principal, action, context=None) -> bool:
    """Return whether *principal*, who has every permission there is, may do *action* with the key."""
    (decision,) = evaluate(
        [
            Request(
                principal=principal,
                action=action,
                resource=KEY,
                context=context or {},
                identity_policies=[EVERYTHING],
                resource_policy=policy,
                resource_account=ACCOUNT,
            )
        ]
    )
    return decision.allowed


def test_a_machine_that_booted_the_measured_image_opens_the_weights(policy):
    """All registers as measured; letters in either case."""
    assert allowed(policy, MACHINE, "kms:Decrypt", ATTESTED)
    assert allowed(policy, MACHINE, "kms:Decrypt", {name: value.upper() for name, value in ATTESTED.items()})


@pytest.mark.parametrize(
    "context",
    [
        {},
        {**ATTESTED, "kms:RecipientAttestation:NitroTPMPCR4": OTHER},
        {**ATTESTED, "kms:RecipientAttestation:NitroTPMPCR12": OTHER},
        {"kms:RecipientAttestation:NitroTPMPCR4": PCR4},
        {"kms:RecipientAttestation:PCR4": PCR4, "kms:RecipientAttestation:PCR12": ZERO},
    ],
    ids=["no attestation", "another image", "a longer command line", "half of it", "an enclave with the same digits"],
)
def test_the_very_same_role_without_that_boot_opens_nothing(policy, context):
    """The role alone is worth nothing, whatever its own policies say."""
    assert not allowed(policy, MACHINE, "kms:Decrypt", context)


@pytest.mark.parametrize("principal", [ADMIN, ROOT, SEALER], ids=["administrator", "root", "sealer"])
@pytest.mark.parametrize("context", [{}, ATTESTED], ids=["plain", "attested"])
def test_nobody_else_opens_the_weights_even_on_a_measured_machine(policy, principal, context):
    """Administrator, account root and the sealer itself."""
    assert not allowed(policy, principal, "kms:Decrypt", context)


@pytest.mark.parametrize("principal", [ADMIN, ROOT, MACHINE, SEALER])
@pytest.mark.parametrize(
    "action",
    [
        "kms:CreateGrant",
        "kms:PutKeyPolicy",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:DeriveSharedSecret",
        "kms:ReplicateKey",
        "kms:ImportKeyMaterial",
        "kms:GenerateDataKeyPair",
    ],
)
def test_there_is_no_way_round(policy, principal, action):
    """No grant, no new policy, no copy and no re-encryption, for anybody."""
    assert not allowed(policy, principal, action, {})


def test_the_sealer_makes_data_keys_and_nobody_else_does(policy):
    """Sealing needs a data key in the clear, once, where the weights are in the clear anyway."""
    assert allowed(policy, SEALER, "kms:GenerateDataKey")
    assert not allowed(policy, ADMIN, "kms:GenerateDataKey")
    assert not allowed(policy, MACHINE, "kms:GenerateDataKey")


def test_an_administrator_can_see_the_key_and_let_it_die(policy):
    """Destruction is not disclosure, and CloudFormation has to be able to look after it."""
    for action in (
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:DisableKey",
        "kms:TagResource",
    ):
        assert allowed(policy, ADMIN, action), action


def test_a_second_image_opens_the_key_only_with_its_own_registers(estate):
    """Registers of two images cannot be put together to a third."""
    second = Measurement(pcr4=OTHER, pcr12="a1" * 48)
    made = fleet(estate, measurements=[MEASURED, second])
    template = testing.template(estate.stack)
    text = json.dumps(fill(attested_key(template)[1]["Properties"]["KeyPolicy"]))
    role = estate.stack.get_logical_id(made.machines.role.node.default_child)
    policy = json.loads(text.replace(f"arn:aws:made:::{estate.stack.resolve(role)}", MACHINE))

    assert allowed(policy, MACHINE, "kms:Decrypt", dict(second.conditions))
    assert not allowed(policy, MACHINE, "kms:Decrypt", {**ATTESTED, "kms:RecipientAttestation:NitroTPMPCR4": OTHER})


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
