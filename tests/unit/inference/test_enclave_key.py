"""A key that opens to one enclave image and to nobody else, decided by an IAM evaluator."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attested_estate import ADMIN, KEY, MACHINE, OTHER, ROOT, SEALER, ZERO
from enclave_estate import ATTESTED, MEASURED, PCR0, broker
from inference_estate import ACCOUNT, Estate, fill
from test_inference_attestation import EVERYTHING

from genai_layers import testing
from genai_layers.inference import AttestationError, Measurement
from genai_layers.inference.attestation.enclave import EnclaveMeasurement, EnclaveSize
from genai_layers.testing.policy import Request, evaluate

pytestmark = pytest.mark.synth

CONDITION = "kms:RecipientAttestation:"


@pytest.fixture(scope="module")
def template() -> testing.Template:
    """Return the template of a stack with one broker."""
    estate = Estate()
    broker(estate)
    return testing.template(estate.stack)


@pytest.fixture(scope="module")
def policy(template: testing.Template) -> dict[str, Any]:
    """Return the policy of the attested key, with the machine's role by its name."""
    (key,) = [
        each for name, each in testing.resources(template, "AWS::KMS::Key").items() if name.startswith("BrokerAttested")
    ]
    (role,) = [name for name in testing.resources(template, "AWS::IAM::Role") if name.startswith("BrokerRole")]
    text = json.dumps(fill(key["Properties"]["KeyPolicy"]))
    return json.loads(text.replace(f"arn:aws:made:::{role}", MACHINE))


def answers(policy: dict[str, Any], *asked: tuple[str, str, dict[str, str]]) -> list[bool]:
    """Return whether each principal, who has every permission there is, may do each action with the key."""
    requests = [
        Request(
            principal=principal,
            action=action,
            resource=KEY,
            context=context,
            identity_policies=[EVERYTHING],
            resource_policy=policy,
            resource_account=ACCOUNT,
        )
        for principal, action, context in asked
    ]
    return [decision.allowed for decision in evaluate(requests)]


def test_the_measured_enclave_opens_the_key(policy: dict[str, Any]) -> None:
    """All registers as built; letters in either case."""
    upper = {name: value.upper() for name, value in ATTESTED.items()}

    assert answers(policy, (MACHINE, "kms:Decrypt", ATTESTED), (MACHINE, "kms:Decrypt", upper)) == [True, True]


def test_the_role_without_that_enclave_opens_nothing(policy: dict[str, Any]) -> None:
    """The machine that holds the enclave has the role too, and it is worth nothing to it."""
    contexts: dict[str, dict[str, str]] = {
        "no attestation": {},
        "another image": {**ATTESTED, f"{CONDITION}ImageSha384": OTHER, f"{CONDITION}PCR0": OTHER},
        "another kernel": {**ATTESTED, f"{CONDITION}PCR1": OTHER},
        "another application": {**ATTESTED, f"{CONDITION}PCR2": OTHER},
        "not signed": {**ATTESTED, f"{CONDITION}PCR8": ZERO},
        "debug mode": dict.fromkeys(ATTESTED, ZERO),
        "a part of it": {f"{CONDITION}ImageSha384": PCR0},
        "a machine with the same digits": {f"{CONDITION}NitroTPMPCR4": PCR0, f"{CONDITION}NitroTPMPCR12": ZERO},
    }

    found = answers(policy, *((MACHINE, "kms:Decrypt", context) for context in contexts.values()))

    assert dict(zip(contexts, found, strict=True)) == dict.fromkeys(contexts, False)


def test_nobody_else_opens_it_even_from_the_enclave(policy: dict[str, Any]) -> None:
    """Administrator, account root and the sealer itself."""
    asked = [(principal, "kms:Decrypt", context) for principal in (ADMIN, ROOT, SEALER) for context in ({}, ATTESTED)]

    assert not any(answers(policy, *asked))


def test_there_is_no_way_round_the_enclave(policy: dict[str, Any]) -> None:
    """No grant, no new policy, no copy and no re-encryption, for anybody."""
    ways = ("CreateGrant", "PutKeyPolicy", "ReEncryptFrom", "ReEncryptTo", "ReplicateKey", "GenerateDataKeyPair")
    asked = [(who, f"kms:{way}", {}) for who in (ADMIN, ROOT, MACHINE, SEALER) for way in ways]

    assert not any(answers(policy, *asked))


def test_only_the_sealer_makes_data_keys_for_an_enclave(policy: dict[str, Any]) -> None:
    """And an administrator can let the key die."""
    found = answers(
        policy,
        (SEALER, "kms:GenerateDataKey", {}),
        (MACHINE, "kms:GenerateDataKey", ATTESTED),
        (ADMIN, "kms:ScheduleKeyDeletion", {}),
    )

    assert found == [True, False, True]


@pytest.mark.parametrize("register", ["pcr0", "pcr1", "pcr2", "pcr8"])
def test_a_register_of_debug_mode_is_refused(register: str) -> None:
    """Zero throughout is what any enclave with a console shows."""
    values = {"pcr0": PCR0, "pcr1": PCR0, "pcr2": PCR0, register: ZERO}

    with pytest.raises(AttestationError, match=f"{register}=0000.*debug mode"):
        broker(Estate(), measurements=[EnclaveMeasurement(**values)])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"instance_type": "t3.xlarge"}, "instance_type 't3.xlarge' cannot hold a Nitro Enclave"),
        ({"instance_type": "m5.metal"}, "instance_type 'm5.metal' cannot hold a Nitro Enclave"),
        ({"instance_type": "g6.4xlarge"}, "carries an accelerator, which no enclave sees"),
        ({"size": EnclaveSize(vcpus=3)}, "choose a multiple of 2 up to 2"),
        ({"size": EnclaveSize(memory_mib=16_000)}, "choose 64 to 14848"),
        ({"measurements": []}, "no measurement is given"),
        ({"measurements": [EnclaveMeasurement(pcr0="X", pcr1=PCR0, pcr2=PCR0)]}, "give 96 lower-case"),
        ({"measurements": [MEASURED, Measurement(pcr4=PCR0)]}, "make a key for each kind"),
        ({"machines": -1}, "machines is -1"),
        ({"request_port": 80}, "request_port is 80: choose 1024 to 65535"),
        ({"image_folder": "/broker/"}, "image_folder is '/broker/'"),
    ],
)
def test_what_cannot_hold_or_prove_is_refused(changed: dict[str, Any], reason: str) -> None:
    """With what to choose instead."""
    with pytest.raises(AttestationError) as caught:
        broker(Estate(), **changed)

    assert reason in str(caught.value)


def test_all_faults_of_a_broker_come_together() -> None:
    """One synth shows everything."""
    with pytest.raises(AttestationError) as caught:
        broker(Estate(), instance_type="t3.xlarge", machines=-1, measurements=[], request_port=1)

    assert len(caught.value.faults) == 4


def test_registers_are_read_as_the_build_prints_them() -> None:
    """Upper-case digits, and a signature only where there is one."""
    text = json.dumps(
        {"Measurements": {"HashAlgorithm": "Sha384 { ... }", "PCR0": PCR0.upper(), "PCR1": PCR0, "PCR2": PCR0}}
    )

    found = EnclaveMeasurement.from_json(text)

    assert (found.pcr0, found.pcr8) == (PCR0, None)
    with pytest.raises(ValueError, match="no PCR1, PCR2"):
        EnclaveMeasurement.from_json('{"PCR0": "x"}')


def test_machines_hold_enclaves_and_are_as_closed_as_all_others(template: testing.Template) -> None:
    """Session tokens, one hop, an encrypted disk, no key to log in with, one port for those who are let in."""
    (launch,) = testing.resources(template, "AWS::EC2::LaunchTemplate").values()
    data = launch["Properties"]["LaunchTemplateData"]

    assert data["EnclaveOptions"] == {"Enabled": True}
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert all(disk["Ebs"]["Encrypted"] and disk["Ebs"]["KmsKeyId"] for disk in data["BlockDeviceMappings"])
    assert "KeyName" not in data


def test_the_key_and_the_role_that_it_knows_outlive_the_stack(template: testing.Template) -> None:
    """A key whose role is gone opens to nobody."""
    kept = {
        name
        for kind in ("AWS::KMS::Key", "AWS::IAM::Role")
        for name, each in testing.resources(template, kind).items()
        if each.get("DeletionPolicy") == "Retain"
    }

    assert any(name.startswith("BrokerAttestedKey") for name in kept)
    assert any(name.startswith("BrokerRole") for name in kept)
