"""The root volume of a machine holds what lands on it, on each back end."""

from __future__ import annotations

from typing import Any

import pytest
from container_estate import container_fleet, tools
from inference_estate import Estate, only

from genai_layers import testing
from genai_layers.inference import FleetError, HostImage, Sglang
from genai_layers.inference.ecs import ManagedInstances

pytestmark = pytest.mark.synth

AMI = {"us-east-1": "ami-0123456789abcdef0"}


def root_gib(estate: Estate) -> int:
    """Return the size of the root volume of the one kind of machine in *estate*."""
    data = only(testing.template(estate.stack), "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    size: int = data["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"]
    return size


def tasks(estate: Estate, **changed: Any) -> Any:
    """Return a fleet of tasks whose engine reads a copy, on machines with local disks."""
    props = {"engine": Sglang(), "tools_image": tools(estate), "instance_types": ["g6.xlarge"], **changed}
    return container_fleet(estate, **props)


def test_copies_of_tasks_have_room_on_the_root_volume_whatever_disks_the_machine_has() -> None:
    """ECS mounts a folder of the root volume, while a machine of its own copies to its local disk."""
    on_machine, on_ecs = Estate(), Estate()
    large = {"model": "llama-3.1-70b", "instance_types": ["g6e.12xlarge"]}
    on_machine.fleet(engine=Sglang(), **large)
    fleet = tasks(on_ecs, **large)

    weights_gib = fleet.fit.weights_mib / 1024
    assert root_gib(on_ecs) - root_gib(on_machine) >= weights_gib
    assert weights_gib > 100


def test_managed_instances_have_the_same_room() -> None:
    """Copies go with the task there, and lie on the root volume too."""
    own, managed = Estate(), Estate()
    tasks(own)
    tasks(managed, managed_instances=ManagedInstances(reason="a look at sizes, with public weights"))

    provider = only(testing.template(managed.stack), "AWS::ECS::CapacityProvider")["ManagedInstancesProvider"]
    stored = provider["InstanceLaunchTemplate"]["StorageConfiguration"]["StorageSizeGiB"]
    assert stored == root_gib(own)


def test_the_start_of_a_task_is_reckoned_with_the_disk_that_it_reads(estate: Estate) -> None:
    """The stated start says which disk, and a slower one takes longer."""
    machine = estate.fleet(engine=Sglang(), instance_types=["g6.48xlarge"])
    task = container_fleet(estate, "Tasks", engine=Sglang(), tools_image=tools(estate), instance_types=["g6.48xlarge"])

    assert "to local disks" in machine.time_to_ready.assumptions[2]
    assert "to the root volume" in task.time_to_ready.assumptions[2]
    assert task.time_to_ready.weights_seconds > machine.time_to_ready.weights_seconds


def test_a_pinned_image_has_room_for_its_own_system() -> None:
    """A volume that is smaller than the snapshot under it lets no machine start."""
    usual, large = Estate(), Estate()
    usual.fleet(machine_image=HostImage.pinned(AMI, cuda="13.2"))
    large.fleet(machine_image=HostImage.pinned(AMI, cuda="13.2", root_gib=400))

    assert root_gib(large) - root_gib(usual) == 300
    assert root_gib(large) > 400


def test_a_size_that_no_volume_has_is_refused(estate: Estate) -> None:
    """Before anything is made."""
    with pytest.raises(FleetError, match="machine_image has root_gib=0: choose 1 to 65536"):
        estate.fleet(machine_image=HostImage.pinned(AMI, cuda="13.2", root_gib=0))
