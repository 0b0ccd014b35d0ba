"""Key brokers in a small estate."""

from __future__ import annotations

from typing import Any

from attested_estate import SEALER
from aws_cdk import aws_iam as iam
from inference_estate import Estate

from genai_layers.inference.attestation.enclave import EnclaveMeasurement, KeyBroker

PCR0, PCR1, PCR2, PCR8 = (
    "0123456789abcdef" * 6,
    "1032547698badcfe" * 6,
    "89abcdef01234567" * 6,
    "fedcba9876543210" * 6,
)
MEASURED = EnclaveMeasurement(pcr0=PCR0, pcr1=PCR1, pcr2=PCR2, pcr8=PCR8)
ATTESTED = dict(MEASURED.conditions)


def broker(estate: Estate, id: str = "Broker", **changed: Any) -> KeyBroker:
    """Return a broker that differs from the simplest one in *changed*."""
    estate.network.require(*KeyBroker.REQUIRED_ENDPOINTS)
    props: dict[str, Any] = {
        "vpc": estate.network.vpc,
        "subnets": estate.network.isolated,
        "key": estate.key.key,
        "images": estate.weights.bucket,
        "image_folder": "broker/1.4.2",
        "measurements": [MEASURED],
        "sealer": iam.ArnPrincipal(SEALER),
        "description": "keys of tenants",
        "request_port": 5000,
    }
    return KeyBroker(estate.stack, id, **{**props, **changed})
