"""
The public SSM parameters that name machine images for accelerators.

AWS publishes them in every account below `/aws/service/`, where nobody may write; MiniStack 1.5.33 has two of them.
The image ids are the emulator's own stubs: no machine starts here.
"""

from __future__ import annotations

from ministack.services import ssm

# AWS Deep Learning AMI and Neuron documentation, read 2026-11-25.
_PARAMETERS = (
    "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id",
    "/aws/service/deeplearning/ami/arm64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id",
    "/aws/service/neuron/dlami/base/amazon-linux-2023/latest/image_id",
)


def apply() -> None:
    """Publish the parameters."""
    known: dict[str, str] = ssm._PUBLIC_AMI_PARAMETERS
    stub = known["/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"]
    known.update(dict.fromkeys(_PARAMETERS, stub))
