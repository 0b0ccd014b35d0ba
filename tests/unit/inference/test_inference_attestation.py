"""A key that opens to a measured boot and to nobody else, decided by an IAM evaluator; and the fleet around it."""

from __future__ import annotations

import json

import pytest
from attested_estate import (
    ADMIN,
    ATTESTED,
    KEY,
    MACHINE,
    MEASURED,
    OTHER,
    PCR4,
    ROOT,
    SEALER,
    ZERO,
    attested_key,
    fleet,
)
from inference_estate import ACCOUNT, Estate, fill

from genai_layers import testing
from genai_layers.inference import Measurement
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def template():
    """Return the template of a stack with one attested fleet."""
    estate = Estate()
    fleet(estate)
    return testing.template(estate.stack)


@pytest.fixture(scope="module")
def policy(template):
    """Return the policy of the attested key, with the machine's role by its name."""
    text = json.dumps(fill(attested_key(template)[1]["Properties"]["KeyPolicy"]))
    (role,) = [name for name in testing.resources(template, "AWS::IAM::Role") if name.startswith("FleetMachines")]
    return json.loads(text.replace(f"arn:aws:made:::{role}", MACHINE))


EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


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
