"""An attested fleet in a small estate, and the identities that would like to read its weights."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from inference_estate import ACCOUNT, REASON, Estate

from genai_layers import testing
from genai_layers.inference import AttestedFleet, HostImage, Measurement

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


def fleet(estate: Estate, **changed: Any) -> AttestedFleet:
    """Return an attested fleet that differs from the simplest one in *changed*."""
    props: dict[str, Any] = {
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


def attested_key(template: testing.Template) -> tuple[str, dict[str, Any]]:
    """Return logical id and resource of the attested key."""
    (found,) = [
        (name, key)
        for name, key in testing.resources(template, "AWS::KMS::Key").items()
        if name.startswith("FleetAttestedKey")
    ]
    return found
