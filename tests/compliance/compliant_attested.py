"""The part of the compliant template that is a key for a measured boot, and what breaks its rules."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, dropping, setting

_IMAGE = "kms:RecipientAttestation:ImageSha384"
_TPM_PCR12 = "kms:RecipientAttestation:NitroTPMPCR12"
_PCR0 = "0123456789abcdef" * 6

ATTESTED: dict[str, Any] = {
    "Sealed": {
        "Type": "AWS::KMS::Key",
        "Properties": {
            "EnableKeyRotation": True,
            "KeyPolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}},
                        "Action": "kms:Decrypt",
                        "Resource": "*",
                        "Condition": {
                            "StringEqualsIgnoreCase": {
                                _IMAGE: _PCR0,
                                "kms:RecipientAttestation:NitroTPMPCR12": "0" * 96,
                            }
                        },
                    },
                    {
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "kms:Decrypt",
                        "Resource": "*",
                        "Condition": {"Null": {_IMAGE: "true"}},
                    },
                    {
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": ["kms:CreateGrant", "kms:PutKeyPolicy"],
                        "Resource": "*",
                    },
                ],
            },
        },
    }
}

_STATEMENTS = "Sealed.KeyPolicy.Statement"
_REGISTERS = f"{_STATEMENTS}.0.Condition.StringEqualsIgnoreCase"

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-KMS-02", "an enclave in debug mode", setting(f"{_REGISTERS}", {_IMAGE: "0" * 96})),
    ("GENAI-KMS-02", "one register of several", setting(f"{_REGISTERS}", {_IMAGE: [_PCR0, "0" * 96]})),
    ("GENAI-KMS-03", "no denial without attestation", dropping(f"{_STATEMENTS}.1")),
    ("GENAI-KMS-03", "a denial for the account only", setting(f"{_STATEMENTS}.1.Principal", {"AWS": "111122223333"})),
    ("GENAI-KMS-03", "a denial of half the ways", setting(f"{_STATEMENTS}.2.Action", "kms:CreateGrant")),
    (
        "GENAI-KMS-03",
        "a denial with a way out",
        setting(f"{_STATEMENTS}.2.Condition", {"StringNotEquals": {"aws:PrincipalTag/breakglass": "yes"}}),
    ),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    ("GENAI-KMS-02", "a key without attestation", dropping("Sealed")),
    ("GENAI-KMS-03", "a principal written as a star", setting(f"{_STATEMENTS}.1.Principal", "*")),
]
