"""
What the machines of a group are told beyond what those of a plain fleet are.
"""

from __future__ import annotations

import json

from genai_layers.inference.errors import BootError
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.front_door import HEALTH_PORT
from genai_layers.inference.multi_node.packed import packed
from genai_layers.inference.multi_node.vllm_nodes import machines_of
from genai_layers.inference.user_data import MAX_BYTES, Boot, boot_file, user_data_bytes

BUNDLE = "/opt/genai/files.json"
"""Scripts and units by path, until they are unpacked."""

MUSTER_PORT = 8002
"""Where a machine says in which round of the engine it is."""

MASTER_PORT = 29_500
"""Where the processes of the engine meet on the machine that leads; PyTorch's own choice."""

# NCCL, libfabric and PyTorch open ports of their choice between machines, so the container shares their network.
_ALONE = '--publish "$PORT:$PORT"'
_TOGETHER = "--network host --cgroup-parent genai-engine.slice --device /dev/infiniband --ulimit memlock=-1:-1"

_UNIT_FILES = (
    "genai-engine.slice",
    "genai-muster.service",
    "genai-forward.socket",
    "genai-forward.service",
)


# Only what ends in .sh is a program; systemd complains of units that are.
_UNPACK = f"""import json,os
for p,t in json.load(open("{BUNDLE}")).items():
 os.makedirs(os.path.dirname(p),exist_ok=True)
 open(p,"w").write(t)
 os.chmod(p,493 if p[-3:]==".sh" else 420)"""


def group_cloud_config(boot: Boot, decided: FleetPlan) -> str:
    """
    Return the cloud-config of a machine of a group, without its first line.

    Args:
        boot: What a machine of a plain fleet would be told.
        decided: The fleet's decisions.

    Raises:
        BootError: All of it is too long.
    """
    document = json.loads(boot.cloud_config())
    by_path = {file["path"]: file for file in document["write_files"]}
    serve = by_path["/opt/genai/serve.sh"]
    serve["content"] = serve["content"].replace(_ALONE, _TOGETHER)
    values = {
        "AWS_REGION": boot.serving["AWS_REGION"],
        "GROUP_SIZE": str(machines_of(decided.placement.first)),
        "HEALTH_PORT": str(HEALTH_PORT),
        "MASTER_PORT": str(MASTER_PORT),
        "MUSTER_PORT": str(MUSTER_PORT),
        "PATIENCE_SECONDS": str(decided.ready.grace_seconds),
    }
    units = "/etc/systemd/system"
    document["write_files"] += [
        _entry("/opt/genai/muster.py", boot_file("muster.py")),
        _entry("/opt/genai/no-metadata.sh", boot_file("no-metadata.sh")),
        *(_entry(f"{units}/{name}", boot_file(name)) for name in _UNIT_FILES),
        _entry(f"{units}/genai-engine.service.d/group.conf", boot_file("group.conf")),
        _entry("/etc/genai/muster.env", "".join(f"{name}='{value}'\n" for name, value in values.items())),
    ]
    enable = document["runcmd"][-1]
    enable.insert(enable.index("genai-engine.service"), "genai-muster.service")
    # Scripts and units hold no value that is known only at the deploy; in one piece they take the least room.
    values_only = [file for file in document["write_files"] if file["path"].startswith("/etc/genai/")]
    rest = {file["path"]: file["content"] for file in document["write_files"] if file not in values_only}
    bundle = {**_entry(BUNDLE, packed(json.dumps(rest, separators=(",", ":")))), "encoding": "gz+b64"}
    document["write_files"] = [bundle, *values_only]
    document["runcmd"].insert(0, ["python3", "-c", _UNPACK])
    text = json.dumps(document, separators=(",", ":"))
    length = user_data_bytes(text)
    if length > MAX_BYTES:
        raise BootError(
            f"user data is about {length} bytes and EC2 takes {MAX_BYTES}: give the engine "
            "fewer or shorter arguments and variables"
        )
    return text


def _entry(path: str, content: str) -> dict[str, str]:
    return {"path": path, "permissions": "0644", "content": content}
