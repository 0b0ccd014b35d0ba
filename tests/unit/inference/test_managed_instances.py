"""Tasks on machines that ECS picks, patches and replaces: what stays as it is, what is given up, what is refused."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_sns as sns
from container_estate import container_fleet, tools
from inference_estate import ACCOUNT, PREPARED, SLEEP, Estate, fill, only
from test_inference_policy import answers

from genai_layers import testing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.cost import idle_floor
from genai_layers.cost.fleets import fleets
from genai_layers.foundation.nag import attach_checks
from genai_layers.inference import Capacity, FleetError, HostImage, Sglang
from genai_layers.inference.ecs import ManagedInstances

pytestmark = pytest.mark.synth

CHOICE = ManagedInstances(reason="weights are public, and nobody here patches machines")
TASK = "AWS::ECS::TaskDefinition"


@pytest.fixture(scope="module")
def app() -> Any:
    """Return an app with the kinds of fleet on managed instances, under every check."""
    made = testing.app()
    attach_checks(made)
    container_fleet(Estate(made, "plain"), managed_instances=CHOICE)
    container_fleet(Estate(made, "spot"), managed_instances=CHOICE, capacity=Capacity.spot(), scale_to_zero=SLEEP)
    copied = Estate(made, "copied")
    container_fleet(copied, managed_instances=CHOICE, engine=Sglang(), tools_image=tools(copied))
    with contextlib.suppress(RuntimeError):
        made.synth()
    return made


@pytest.fixture(scope="module")
def templates(app: Any) -> dict[str, testing.Template]:
    """Return their templates."""
    return {stack.node.id: testing.template(stack) for stack in app.node.children if stack.node.id != "Tree"}


def launch(template: testing.Template) -> dict[str, Any]:
    """Return how ECS is told to start machines."""
    provider = fill(only(template, "AWS::ECS::CapacityProvider"))["ManagedInstancesProvider"]
    found: dict[str, Any] = provider["InstanceLaunchTemplate"]
    return found


def test_no_check_finds_anything_but_what_the_reason_accepts(app):
    """The key of the disks is nobody's choice, and the reason for that stands in the ledger."""
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))
    found = {"violations": [], "suppressedViolations": []}
    for plugin in report["pluginReports"]:
        for kind, rules in found.items():
            rules += [
                violation["ruleName"]
                for violation in plugin.get(kind, [])
                for construct in violation["violatingConstructs"]
                if "/Fleet/" in construct["constructPath"]
            ]

    assert found["violations"] == []
    assert "GENAI-ECS-03" in found["suppressedViolations"]


def test_machines_are_of_the_fleets_types_in_its_private_subnets(templates):
    """Nothing else may be picked, dearer types of the list included, and nobody reaches them."""
    template = templates["plain"]
    told = launch(template)
    wishes = told["InstanceRequirements"]

    assert wishes["AllowedInstanceTypes"][0] == "g6.xlarge"
    assert wishes["AcceleratorManufacturers"] == ["nvidia"]
    assert wishes["OnDemandMaxPricePercentageOverLowestPrice"] == 999_999
    assert len(told["NetworkConfiguration"]["Subnets"]) == 2
    assert told["CapacityOptionType"] == "ON_DEMAND"
    assert launch(templates["spot"])["CapacityOptionType"] == "SPOT"
    assert testing.resources(template, "AWS::AutoScaling::AutoScalingGroup") == {}
    (group,) = [
        body["Properties"]
        for name, body in testing.resources(template, "AWS::EC2::SecurityGroup").items()
        if "ManagedHosts" in name
    ]
    assert "SecurityGroupIngress" not in group


def test_a_container_is_as_closed_as_it_can_be_there(templates):
    """No privilege, no capability, no image to write to; what such a task refuses is not asked for."""
    for template in templates.values():
        task = fill(only(template, TASK))
        assert task["RequiresCompatibilities"] == ["MANAGED_INSTANCES"]
        for container in task["ContainerDefinitions"]:
            assert container["Privileged"] is False
            assert container["ReadonlyRootFilesystem"] is True
            assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
            assert "DockerSecurityOptions" not in container
            assert not {"Tmpfs", "SharedMemorySize", "Devices"} & set(container["LinuxParameters"])
        assert not any("SourcePath" in volume.get("Host", {}) for volume in task["Volumes"])
        service = only(template, "AWS::ECS::Service")
        assert not {"PlacementConstraints", "PlacementStrategies"} & set(service)


def test_the_probe_runs_without_a_file_to_write(templates):
    """Its text comes in variables and is run from there; without a port to listen on it says so, and nothing before."""
    (probe,) = [
        item for item in fill(only(templates["plain"], TASK))["ContainerDefinitions"] if item["Name"] == "probe"
    ]
    variables = {item["Name"]: item["Value"] for item in probe["Environment"]}

    ended = subprocess.run(
        [sys.executable, *probe["Command"]],
        env={**os.environ, **variables, "HEALTH_PORT": "none", "API_KEY": "key"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert probe["EntryPoint"] == ["python3"]
    assert "invalid literal for int() with base 10: 'none'" in ended.stderr


def test_ecs_starts_machines_of_its_own_here_and_passes_one_role(templates):
    """The tag narrows what has no id yet; another subnet, another role and a machine that runs are out of reach."""
    template = templates["plain"]
    place = f"arn:aws:ec2:us-east-1:{ACCOUNT}"
    (role,) = [name for name in testing.resources(template, "AWS::IAM::Role") if "ManagedHostsInfrastructure" in name]
    subnet = launch(template)["NetworkConfiguration"]["Subnets"][0]

    found = answers(
        template,
        "FleetManagedHostsInfrastructureRole",
        f"arn:aws:iam::{ACCOUNT}:role/{role}",
        [
            ("ec2:RunInstances", f"{place}:instance/*", {"aws:RequestTag/AmazonECSManaged": "true"}),
            ("ec2:RunInstances", f"{place}:subnet/{subnet}", {}),
            ("ec2:RunInstances", f"{place}:instance/*", {}),
            ("ec2:RunInstances", f"{place}:subnet/subnet-0123456789abcdef0", {}),
            ("ec2:TerminateInstances", f"{place}:instance/i-0123456789abcdef0", {}),
            (
                "iam:PassRole",
                f"arn:aws:iam::{ACCOUNT}:role/ecsInstanceRoleOfAnother",
                {"iam:PassedToService": "ec2.amazonaws.com"},
            ),
        ],
    )

    assert found == [True, True, False, False, False, False]


def test_the_floor_has_a_machine_a_task_and_tells_of_the_fee(templates):
    """What is not known is said, and what sleeps costs its hours."""
    plain, spot = (idle_floor({"Stack": templates[name]}, "us-east-1") for name in ("plain", "spot"))

    assert [line.what for line in plain.lines if line.what.startswith("1 x g6.xlarge, one a task")]
    assert "management fee of 1 x g6.xlarge" in [item.what for item in plain.unpriced]
    assert [line.what for line in spot.lines if line.what.startswith("0.34 x g6.xlarge")]
    (found,) = fleets({"Stack": templates["plain"]})
    assert (found.model, found.instance_type) == ("llama-3.1-8b", "g6.xlarge")


def refusal(**changed: Any) -> str:
    """Return why a fleet on managed instances with *changed* props is refused."""
    with pytest.raises(FleetError) as caught:
        container_fleet(Estate(), **{"managed_instances": CHOICE, **changed})
    return str(caught.value)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"managed_instances": ManagedInstances(reason="cheap")}, "has the reason 'cheap': say in"),
        ({"capacity": Capacity.reserved("cr-0123456789abcdef0")}, "take a group of reservations and no ids"),
        ({"capacity": Capacity.spot(on_demand_machines=1)}, "keeps 1 machines and 0 percent on demand"),
        (
            {"machine_image": HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, cuda="13.0")},
            "machine_image is given, and ECS chooses",
        ),
        ({"fast_start": PREPARED}, "fast_start is given, and ECS chooses"),
        (
            {"model": "llama-3.1-70b", "instance_types": ["g6e.12xlarge"]},
            "a task on managed instances has 64 MiB of it",
        ),
    ],
)
def test_what_managed_instances_cannot_do_is_refused_with_the_way_out(changed, reason):
    """Each message names what to leave out or to choose."""
    assert reason in refusal(**changed)


def test_neuron_and_a_topic_are_refused_in_one_list():
    """A task names no device there, and no group tells of launches."""
    estate = Estate()
    with pytest.raises(FleetError) as caught:
        container_fleet(
            estate,
            managed_instances=CHOICE,
            engine=estate.neuron(),
            instance_types=["inf2.xlarge"],
            tools_image=tools(estate, vendor=Vendor.NEURON),
            notifications=sns.Topic(estate.stack, "Topic"),
        )

    assert "needs devices that a task on managed instances cannot name" in str(caught.value)
    assert "managed instances have no group that tells" in str(caught.value)
