"""
The files that make a bare machine hold an enclave, as a cloud-config document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from genai_layers.inference.attestation.enclave.enclave_size import EnclaveSize
from genai_layers.inference.errors import BootError
from genai_layers.inference.user_data import MAX_BYTES, boot_file, user_data_bytes

ENCLAVE_CID = 16
"""Context id of the enclave; numbers below belong to the hypervisor and the machine."""

KMS_PORT = 8000
"""Port of the machine's vsock where the enclave reaches KMS."""

CREDENTIALS_PORT = 7000
"""Port of the machine's vsock where the enclave gets credentials of the role."""

_UNITS = ("genai-enclave.service", "genai-kms-proxy.service", "genai-credentials.service")


def enclave_cloud_config(
    *, image_uri: str, size: EnclaveSize, region: str, kms_host: str, key_arn: str, request_port: int | None
) -> str:
    """
    Return the document without its `#cloud-config` line: JSON, which is YAML too.

    Args:
        image_uri: Where the enclave image lies in S3.
        size: What the enclave gets.
        region: Region of the machine.
        kms_host: Name of AWS KMS there.
        key_arn: The attested key, for the enclave to name.
        request_port: Port of requests, the same on the machine and in the enclave; None for none.

    Raises:
        BootError: All of it is too long.
    """
    values = {
        "AWS_REGION": region,
        "CREDENTIALS_PORT": str(CREDENTIALS_PORT),
        "ENCLAVE_CID": str(ENCLAVE_CID),
        "ENCLAVE_MEMORY_MIB": str(size.memory_mib),
        "ENCLAVE_URI": image_uri,
        "ENCLAVE_VCPUS": str(size.vcpus),
        "KEY_ARN": key_arn,
        "KMS_HOST": kms_host,
        "KMS_PORT": str(KMS_PORT),
    }
    units = list(_UNITS)
    if request_port is not None:
        values["REQUEST_PORT"] = str(request_port)
        units.append("genai-requests.service")
    allocator = {"memory_mib": size.memory_mib, "cpu_count": size.vcpus}
    allowed = {"allowlist": [{"address": kms_host, "port": 443}]}
    files = [
        _file("/opt/genai/enclave.sh", boot_file("enclave.sh"), "0755"),
        _file("/opt/genai/enclave_door.py", boot_file("enclave_door.py")),
        *(_file(f"/etc/systemd/system/{name}", boot_file(name)) for name in units),
        _file("/etc/genai/enclave.env", "".join(f"{name}='{value}'\n" for name, value in sorted(values.items()))),
        _file("/etc/genai/allocator.yaml", f"---\n{json.dumps(allocator)}\n"),
        _file("/etc/genai/vsock-proxy.yaml", f"{json.dumps(allowed)}\n"),
    ]
    commands = [
        ["dnf", "install", "--assumeyes", "--quiet", "aws-nitro-enclaves-cli"],
        # The package brings a file of its own, which only an installed one can replace.
        ["cp", "/etc/genai/allocator.yaml", "/etc/nitro_enclaves/allocator.yaml"],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable", "--now", "--no-block", "nitro-enclaves-allocator.service", *units],
    ]
    text = json.dumps({"write_files": files, "runcmd": commands}, separators=(",", ":"))
    if user_data_bytes(text) > MAX_BYTES:
        raise BootError(
            f"user data is about {user_data_bytes(text)} bytes and EC2 takes {MAX_BYTES}: shorten the folder of the "
            "enclave image"
        )
    return text


def _file(path: str, content: str, permissions: str = "0644") -> Mapping[str, str]:
    return {"path": path, "permissions": permissions, "content": content}
