"""
What an enclave has to be before a key opens to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

_PCR = re.compile(r"[0-9a-f]{96}")
_CONDITION = "kms:RecipientAttestation:"
_ANCHOR = f"{_CONDITION}ImageSha384"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclaveMeasurement:
    """
    The registers of one enclave image, as `nitro-cli build-enclave` prints them.

    Attributes:
        pcr0: The whole image.
        pcr1: Its kernel and boot RAM disk.
        pcr2: Its application.
        pcr8: The certificate that signed it. Default: not compared, since not every image is signed.

    Example:
        EnclaveMeasurement.from_json(Path("measurements.json").read_text())
    """

    pcr0: str
    pcr1: str
    pcr2: str
    pcr8: str | None = None

    @classmethod
    def from_json(cls, text: str) -> EnclaveMeasurement:
        """
        Read what `nitro-cli build-enclave` or `nitro-cli describe-eif` printed.

        Args:
            text: Its output.

        Raises:
            ValueError: The text is no JSON object with PCR0, PCR1 and PCR2.
        """
        document = json.loads(text)
        values = document.get("Measurements", document) if isinstance(document, dict) else {}
        missing = [name for name in ("PCR0", "PCR1", "PCR2") if name not in values]
        if missing:
            raise ValueError(f"no {', '.join(missing)} in {text[:80]!r}: give the output of nitro-cli build-enclave")
        signed = values.get("PCR8")
        return cls(
            pcr0=values["PCR0"].lower(),
            pcr1=values["PCR1"].lower(),
            pcr2=values["PCR2"].lower(),
            pcr8=None if signed is None else signed.lower(),
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = []
        for name, value in (("pcr0", self.pcr0), ("pcr1", self.pcr1), ("pcr2", self.pcr2), ("pcr8", self.pcr8)):
            if value is not None and not _PCR.fullmatch(value):
                found.append(f"measurement has {name}={value!r}: give 96 lower-case hexadecimal digits, a SHA-384")
            elif value is not None and len(set(value)) == 1:
                found.append(
                    f"measurement has {name}={value[:4]}..., the same digit throughout, as an enclave in debug mode "
                    "shows, whose console anybody on its machine reads: give the register of a built image"
                )
        return tuple(found)

    @property
    def conditions(self) -> Mapping[str, str]:
        """What a request to KMS has to prove, by condition key; all of it."""
        registers = {"0": self.pcr0, "1": self.pcr1, "2": self.pcr2}
        if self.pcr8 is not None:
            registers["8"] = self.pcr8
        # KMS developer guide, condition keys for Nitro Enclaves: the digest of the image is PCR0 under another name.
        return {_ANCHOR: self.pcr0, **{f"{_CONDITION}PCR{number}": value for number, value in registers.items()}}

    @property
    def anchor(self) -> str:
        """The condition key of the image, which an attestation document of a NitroTPM does not have."""
        return _ANCHOR

    @property
    def identity(self) -> str:
        """Its registers in one line."""
        return f"enclave:{self.pcr0},{self.pcr1},{self.pcr2},{self.pcr8}"
