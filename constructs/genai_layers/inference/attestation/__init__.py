"""Weights that open only to a measured boot."""

from genai_layers.inference.attestation.attested_fleet import AttestedFleet
from genai_layers.inference.attestation.attested_key import AttestedKey
from genai_layers.inference.attestation.measurement import Measurement
from genai_layers.inference.attestation.sealing import SealError, seal_folder

__all__ = ["AttestedFleet", "AttestedKey", "Measurement", "SealError", "seal_folder"]
