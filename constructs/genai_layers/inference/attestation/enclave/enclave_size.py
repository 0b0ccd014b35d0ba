"""
How much of its machine an enclave takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from genai_layers.catalog.enclave_hosts import EnclaveHost

# Nitro Enclaves user guide, "Nitro CLI": least memory of an enclave.
_LEAST_MIB = 64
# What Amazon Linux, the proxies and the agent of the machine need themselves: our estimate.
_MACHINE_MIB = 1536
_MACHINE_VCPUS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclaveSize:
    """
    CPUs and memory that the machine gives up for the enclave.

    Attributes:
        vcpus: Virtual CPUs, whole cores. Default: 2.
        memory_mib: Memory, MiB, at least four times the size of the image. Default: 4096.
    """

    vcpus: int = 2
    memory_mib: int = 4096

    def faults(self, host: EnclaveHost) -> list[str]:
        """
        Return why *host* cannot give as much.

        Args:
            host: The machine.
        """
        found = []
        per_core = 2 if host.architecture == "x86_64" else 1
        most = host.vcpus - _MACHINE_VCPUS
        if self.vcpus < 1 or self.vcpus % per_core or self.vcpus > most:
            found.append(
                f"size has vcpus={self.vcpus} and instance_type {host.name!r} has {host.vcpus}: choose a multiple of "
                f"{per_core} up to {most}, since cores are given up whole and the machine keeps {_MACHINE_VCPUS}"
                if most >= per_core
                else f"instance_type {host.name!r} has {host.vcpus} vCPUs and keeps {_MACHINE_VCPUS} itself: choose a "
                "larger type"
            )
        room = host.memory_mib - _MACHINE_MIB
        if not _LEAST_MIB <= self.memory_mib <= room:
            found.append(
                f"size has memory_mib={self.memory_mib} and instance_type {host.name!r} has {host.memory_mib}: choose "
                f"{_LEAST_MIB} to {room}, or a larger type"
            )
        return found
