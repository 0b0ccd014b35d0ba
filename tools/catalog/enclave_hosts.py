"""
Write enclave_hosts.json: CPU machines that can hold a Nitro Enclave, from DescribeInstanceTypes.

    python -m tools.catalog.enclave_hosts --as-of 2026-11-25              the data packaged in moto
    python -m tools.catalog.enclave_hosts --as-of 2026-11-25 --from aws   the EC2 API (ec2:DescribeInstanceTypes)
"""

from __future__ import annotations

import argparse
from typing import Any

from tools.catalog import instances, tables

_ACCELERATED = ("GpuInfo", "NeuronInfo", "InferenceAcceleratorInfo", "FpgaInfo", "MediaAcceleratorInfo")


def row(described: dict[str, Any]) -> list[Any] | None:
    """
    vCPUs, memory in MiB and architecture of a type; None when it cannot hold an enclave or carries an accelerator.
    """
    supported = described.get("NitroEnclavesSupport") == "supported" and described.get("Hypervisor") == "nitro"
    if not supported or described.get("BareMetal") or any(described.get(name) for name in _ACCELERATED):
        return None
    return [
        described["VCpuInfo"]["DefaultVCpus"],
        described["MemoryInfo"]["SizeInMiB"],
        described["ProcessorInfo"]["SupportedArchitectures"][-1],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", required=True, help="ISO date on which the data was read")
    parser.add_argument("--from", dest="origin", choices=("moto", "aws"), default="moto")
    parser.add_argument("--region", default="us-east-1", help="region to ask with --from aws")
    asked = parser.parse_args()
    described, source = instances.packaged() if asked.origin == "moto" else instances.asked(asked.region)
    found = {name: made for name, item in sorted(described.items()) if (made := row(item)) is not None}
    path = tables.write("enclave_hosts", {"source": source, "as_of": asked.as_of, "rows": found})
    print(f"{len(found)} types written to {path}")


if __name__ == "__main__":
    main()
