"""
What a machine has to have booted before a key opens to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

ZERO = "0" * 96
"""A platform configuration register (PCR) that nothing was measured into, SHA-384 in hexadecimal."""

_PCR = re.compile(r"[0-9a-f]{96}")
_CONDITION = "kms:RecipientAttestation:NitroTPMPCR"


class Attested(Protocol):
    """
    What was booted, by whatever signs for it: a machine with a NitroTPM, or an enclave.
    """

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""

    @property
    def conditions(self) -> Mapping[str, str]:
        """What a request to KMS has to prove, by condition key; all of it."""

    @property
    def anchor(self) -> str:
        """A condition key that every request with such a document has, and no other."""

    @property
    def identity(self) -> str:
        """Its registers in one line; a key belongs to these and no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """
    The registers of one attestable machine image, as `nitro-tpm-pcr-compute` prints them.

    Attributes:
        pcr4: The boot loader and, in a unified kernel image, kernel, command line and root hash with it.
        pcr12: What was added to the command line. Default: nothing was.
        pcr7: The state of Secure Boot. Default: not compared.

    Example:
        Measurement.from_json(Path("measurements.json").read_text())
    """

    pcr4: str
    pcr12: str = ZERO
    pcr7: str | None = None

    @classmethod
    def from_json(cls, text: str) -> Measurement:
        """
        Read what `nitro-tpm-pcr-compute` printed.

        Args:
            text: Its output.

        Raises:
            ValueError: The text is no JSON object with a PCR4.
        """
        document = json.loads(text)
        values = document.get("Measurements", document) if isinstance(document, dict) else {}
        if "PCR4" not in values:
            raise ValueError(f"no PCR4 in {text[:80]!r}: give the output of nitro-tpm-pcr-compute as it is")
        return cls(pcr4=values["PCR4"].lower(), pcr12=values.get("PCR12", ZERO).lower())

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = []
        for name, value in (("pcr4", self.pcr4), ("pcr12", self.pcr12), ("pcr7", self.pcr7)):
            if value is not None and not _PCR.fullmatch(value):
                found.append(f"measurement has {name}={value!r}: give 96 lower-case hexadecimal digits, a SHA-384")
        for name, value in (("pcr4", self.pcr4), ("pcr7", self.pcr7)):
            if value is not None and len(set(value)) == 1:
                found.append(
                    f"measurement has {name}={value[:4]}..., the same digit throughout, which any unmeasured or debug "
                    "boot could show: give the register of a built image"
                )
        return tuple(found)

    @property
    def conditions(self) -> Mapping[str, str]:
        """What a request to KMS has to prove, by condition key; all of it."""
        registers = {"4": self.pcr4, "12": self.pcr12, **({"7": self.pcr7} if self.pcr7 is not None else {})}
        return {f"{_CONDITION}{number}": value for number, value in registers.items()}

    @property
    def anchor(self) -> str:
        """The condition key of its first register."""
        return f"{_CONDITION}4"

    @property
    def identity(self) -> str:
        """Its registers in one line."""
        return f"{self.pcr4},{self.pcr12},{self.pcr7}"
