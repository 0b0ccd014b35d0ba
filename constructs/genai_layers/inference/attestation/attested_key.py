"""
A key that opens to a measured boot, and to nobody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from aws_cdk import CfnTag, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.inference.attestation.measurement import Attested
from genai_layers.inference.errors import AttestationError

# What the account may do: see the key, switch it off, let it die. Nothing of it makes plaintext.
_CARE = (
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)

# Every other way to plaintext, and every way to open one: a grant, a new policy, a copy elsewhere.
_NEVER = (
    "kms:CreateGrant",
    "kms:DeriveSharedSecret",
    "kms:Encrypt",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:ImportKeyMaterial",
    "kms:PutKeyPolicy",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:ReplicateKey",
    "kms:UpdatePrimaryRegion",
)


class AttestedKey(Construct):
    """
    A KMS key whose data keys are released only to machines or enclaves that booted a measured image.

    The policy cannot be changed by anybody, the root of the account included, so new measurements make a new key,
    and weights are sealed again under it. Deleting the key makes what it sealed unreadable for ever.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        description: What the key protects; shown in the console and in audits.
        measurements: Images that it opens to, one or more, all of machines or all of enclaves.
        machine: Role of the machines, or of those that hold the enclaves; keep it as long as the key, which knows this
            very role.
        sealer: Who makes data keys to seal weights with; this principal can never open what was sealed.

    Attributes:
        key: The key.

    Raises:
        AttestationError: No measurement is given, or one is worth nothing.

    Example:
        AttestedKey(self, "Key", description="weights", measurements=[Measurement(pcr4=...)], machine=role, sealer=ci)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        measurements: Sequence[Attested],
        machine: iam.IRole,
        sealer: iam.IPrincipal,
    ) -> None:
        super().__init__(scope, id)
        faults = measurement_faults(measurements)
        if faults:
            raise AttestationError(self.node.path, faults)
        resource = kms.CfnKey(
            self,
            f"Resource{_digest(measurements)}",
            description=description,
            enable_key_rotation=True,
            key_policy=self._policy(measurements, machine, sealer),
            # KMS refuses a policy that its maker cannot change unless told that this is meant.
            bypass_policy_lockout_safety_check=True,
            tags=[CfnTag(key="genai-layers:purpose", value="attested-weights")],
        )
        resource.apply_removal_policy(RemovalPolicy.RETAIN)
        self.key = kms.Key.from_key_arn(self, "Key", resource.attr_arn)

    def _policy(
        self, measurements: Sequence[Attested], machine: iam.IRole, sealer: iam.IPrincipal
    ) -> iam.PolicyDocument:
        everybody = iam.AnyPrincipal()
        account = iam.ArnPrincipal(Stack.of(self).format_arn(service="iam", region="", resource="root"))
        return iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(sid="Care", principals=[account], actions=list(_CARE), resources=["*"]),
                iam.PolicyStatement(sid="Seal", principals=[sealer], actions=["kms:GenerateDataKey"], resources=["*"]),
                *(
                    iam.PolicyStatement(
                        sid=f"Open{number}",
                        principals=[machine],
                        actions=["kms:Decrypt"],
                        resources=["*"],
                        conditions={"StringEqualsIgnoreCase": dict(measurement.conditions)},
                    )
                    for number, measurement in enumerate(measurements)
                ),
                iam.PolicyStatement(
                    sid="NothingWithoutAttestation",
                    effect=iam.Effect.DENY,
                    principals=[everybody],
                    actions=["kms:Decrypt"],
                    resources=["*"],
                    conditions={"Null": {measurements[0].anchor: "true"}},
                ),
                iam.PolicyStatement(
                    sid="NoOtherWay",
                    effect=iam.Effect.DENY,
                    principals=[everybody],
                    actions=list(_NEVER),
                    resources=["*"],
                ),
            ]
        )


def measurement_faults(measurements: Sequence[Attested]) -> list[str]:
    """
    Return what is wrong with *measurements* as a whole.

    Args:
        measurements: Images that a key is to open to.
    """
    if not measurements:
        return ["no measurement is given, and a key without one opens to nobody: give that of the machine image"]
    found = [fault for measurement in measurements for fault in measurement.faults]
    if len({measurement.anchor for measurement in measurements}) > 1:
        found.append(
            "measurements are of machines and of enclaves, and a request shows one of the two: make a key for each kind"
        )
    return found


def _digest(measurements: Sequence[Attested]) -> str:
    text = ";".join(item.identity for item in measurements)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
