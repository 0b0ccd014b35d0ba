"""What is prepared beforehand: what a template says of it, what a start then takes, and what is refused."""

from __future__ import annotations

import http.server
import json
import threading

import aws_cdk as cdk
import pytest
import yaml
from container_estate import container_fleet
from inference_estate import PINNED, PREPARED, boot_files, fill, only, user_data
from stub_machine import Groups, Machine

from genai_layers import testing
from genai_layers.inference import Capacity, FastStart, FleetError, Sglang

pytestmark = pytest.mark.synth

TEMPLATE = "AWS::EC2::LaunchTemplate"
GROUP = "AWS::AutoScaling::AutoScalingGroup"
SNAPSHOT = "snap-0123456789abcdef0"
GIB = cdk.Size.gibibytes
MIB = cdk.Size.mebibytes
MINUTES = cdk.Duration.minutes


def volumes(template: testing.Template) -> dict[str, dict]:
    """Return the volumes of each machine by the name of their device."""
    mappings = only(template, TEMPLATE)["LaunchTemplateData"]["BlockDeviceMappings"]
    return {mapping["DeviceName"]: mapping["Ebs"] for mapping in mappings}


def refusal(estate, **changed) -> str:
    """Return why a fleet with *changed* props is refused."""
    with pytest.raises(FleetError) as caught:
        estate.fleet(**changed)
    return str(caught.value)


def test_a_fleet_that_prepares_nothing_pays_for_nothing(templates):
    """One volume, no rate, no pool, no hook."""
    template = templates["plain"]

    (volume,) = volumes(template).values()
    assert "VolumeInitializationRate" not in volume
    assert testing.resources(template, "AWS::AutoScaling::WarmPool") == {}
    assert "LifecycleHookSpecificationList" not in only(template, GROUP)


@pytest.mark.parametrize("kind", ["templates", "container_templates"])
def test_the_data_volume_is_made_of_the_snapshot_at_the_rate(kind, request):
    """And goes with its machine; an empty root volume has nothing to initialize."""
    found = volumes(request.getfixturevalue(kind)["prepared"])

    data = found["/dev/sdf"]
    assert (data["SnapshotId"], data["VolumeSize"], data["VolumeInitializationRate"]) == (SNAPSHOT, 60, 300)
    assert data["DeleteOnTermination"] is True
    assert "VolumeInitializationRate" not in found["/dev/xvda"]


def test_a_snapshot_may_come_from_a_parameter(estate):
    """What bakes snapshots publishes the id of the newest, and each deploy reads it."""
    name = cdk.aws_ssm.StringParameter.value_for_string_parameter(estate.stack, "/weights/snapshot")
    estate.fleet(engine=Sglang(), fast_start=FastStart(data_snapshot=name, data_size=GIB(60), warm_up=MINUTES(1)))

    assert "Ref" in volumes(testing.template(estate.stack))["/dev/sdf"]["SnapshotId"]


def test_the_engine_waits_for_its_data_volume_and_uses_it(templates):
    """Without the volume it would start with an empty cache, and nobody would notice but by the time it takes."""
    files = boot_files(templates["prepared"])
    unit = files["/etc/systemd/system/var-lib-genai.mount"]

    assert "RequiredBy=genai-engine.service" in unit
    assert "Before=genai-engine.service" in unit
    assert "What=/dev/disk/by-label/genai-data" in unit
    assert "DATA_DIRECTORY='/var/lib/genai'\n" in files["/etc/genai/serving.env"]
    assert "noexec" not in unit


def test_a_host_of_tasks_mounts_before_it_takes_one(container_templates):
    """The agent starts after user data; a mount below a running task would hide what it wrote."""
    lines = fill(only(container_templates["prepared"], TEMPLATE)["LaunchTemplateData"]["UserData"]).splitlines()

    mount = lines.index("mount --options noatime,nosuid,nodev LABEL=genai-data /var/lib/genai")
    assert mount < next(number for number, line in enumerate(lines) if "ECS_CLUSTER" in line)


def test_a_warm_pool_has_a_size_of_its_own_and_stopped_machines(templates):
    """Auto Scaling gives it one only when both numbers are the same."""
    pool = only(templates["warm"], "AWS::AutoScaling::WarmPool")

    assert (pool["MinSize"], pool["MaxGroupPreparedCapacity"], pool["PoolState"]) == (2, 2, "Stopped")


def test_a_warm_machine_is_stopped_only_when_its_model_answered(templates):
    """Auto Scaling stops it as soon as it runs unless a hook waits; a machine that never answers is replaced."""
    (hook,) = only(templates["warm"], GROUP)["LifecycleHookSpecificationList"]
    files = boot_files(templates["warm"])

    assert hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_LAUNCHING"
    assert hook["DefaultResult"] == "ABANDON"
    assert f"HOOK='{hook['LifecycleHookName']}'\n" in files["/etc/genai/serving.env"]
    (enable,) = [words for words in yaml.safe_load(user_data(templates["warm"]))["runcmd"] if "enable" in words]
    assert "genai-warm.service" in enable
    options = only(templates["warm"], TEMPLATE)["LaunchTemplateData"]["MetadataOptions"]
    assert options["InstanceMetadataTags"] == "enabled"


def test_an_update_replaces_warm_machines_too(templates):
    """A rolling update would leave those of the old version in the pool."""
    (group,) = testing.resources(templates["warm"], GROUP).values()

    assert set(group["UpdatePolicy"]) >= {"AutoScalingInstanceRefresh"}
    assert "AutoScalingRollingUpdate" not in group["UpdatePolicy"]


def test_a_machine_may_speak_for_its_own_group_only(templates):
    """Its name is in the policy; the wildcard stands for an id that nobody knows beforehand."""
    template = templates["warm"]
    (policies,) = [
        json.dumps(fill(made["Properties"]["PolicyDocument"]))
        for made in testing.resources(template, "AWS::IAM::Policy").values()
        if "CompleteLifecycleAction" in json.dumps(made)
    ]
    (statement,) = json.loads(policies)["Statement"]

    assert statement["Action"] == "autoscaling:CompleteLifecycleAction"
    (name,) = testing.resources(template, GROUP)
    assert statement["Resource"].endswith(f":autoScalingGroup:*:autoScalingGroupName/ref-{name}")


def test_the_machine_says_to_its_own_group_that_it_answers(tmp_path):
    """It learns the group's name from the tag, with a session token, and does not mind if nobody waits."""
    machine = Machine(tmp_path)
    server = http.server.HTTPServer(("127.0.0.1", 0), Groups)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = str(server.server_address[1])
    props = {"HEALTH_PORT": port, "METADATA_URL": f"http://127.0.0.1:{port}", "HOOK": "ready"}

    done = machine.script("warm.sh", **props)
    ignored = machine.script("warm.sh", SIGNAL_EXIT="254", **props)

    server.shutdown()
    server.server_close()
    assert (done.returncode, done.stderr, ignored.returncode) == (0, "", 0)
    assert "nothing is waiting" in ignored.stderr
    call = machine.calls.read_text(encoding="utf-8").splitlines()[0]
    assert "--auto-scaling-group-name fleet-group --lifecycle-hook-name ready" in call
    assert call.endswith("--instance-id i-0123456789abcdef0")


@pytest.mark.parametrize(
    ("fast_start", "complaint"),
    [
        (FastStart(data_snapshot="vol-1", data_size=GIB(9)), "give an id of the form snap-0123456789abcdef0"),
        (FastStart(data_snapshot=SNAPSHOT), "say how large the volume made of it is"),
        (FastStart(data_snapshot=SNAPSHOT, data_size=cdk.Size.tebibytes(17)), "choose 1 to 16384 GiB"),
        (FastStart(data_size=GIB(9)), "name the snapshot, or leave data_size out"),
        (FastStart(warm_up=MINUTES(1)), "give one of them, or leave warm_up out"),
        (FastStart(initialization_rate=MIB(300)), "an empty volume has nothing to initialize"),
        (FastStart(data_snapshot=SNAPSHOT, data_size=GIB(9), initialization_rate=MIB(99)), "choose 100 to 300"),
        (FastStart(data_snapshot=SNAPSHOT, data_size=GIB(9), initialization_rate=MIB(301)), "choose 100 to 300"),
        (FastStart(image_on_machine=True), "give HostImage.pinned(...) with an image of yours"),
        (FastStart(warm_machines=-1), "choose 0 or more"),
        (FastStart(data_snapshot=SNAPSHOT, data_size=GIB(9)), "a start takes 513 seconds on 'g6.xlarge', and without"),
        (FastStart(warm_machines=1, warm_up=MINUTES(1)), "which are empty after a stop: leave warm_up out"),
    ],
)
def test_what_makes_no_start_shorter_or_cannot_be_is_refused(estate, fast_start, complaint):
    """With what to change; nothing is paid for that changes nothing."""
    assert complaint in refusal(estate, fast_start=fast_start)


def test_a_warm_machine_that_gains_nothing_is_refused(estate):
    """A measured time that is longer than that with an empty cache was measured wrongly, or shows that it is no use."""
    slow = FastStart(warm_machines=1, warm_up=MINUTES(45))

    message = refusal(estate, engine=estate.neuron(), instance_types=["inf2.xlarge"], fast_start=slow)

    assert "starts no faster than a new one (2062 seconds): give less than the 1800 seconds" in message


@pytest.mark.parametrize("capacity", [Capacity.spot(), Capacity.capacity_block("cr-0123456789abcdef0")])
def test_machines_that_cannot_be_kept_are_not_kept(estate, capacity):
    """Auto Scaling refuses a pool of spot machines, and a block has none to spare."""
    message = refusal(estate, instance_types=["p5.48xlarge"], capacity=capacity, fast_start=FastStart(warm_machines=1))

    assert "buy with Capacity.on_demand() or .reserved(...), or keep none warm" in message


def test_signals_and_warm_machines_exclude_each_other(estate):
    """CloudFormation takes one update policy, and only one of the two replaces warm machines."""
    message = refusal(estate, signals_updates=True, fast_start=FastStart(warm_machines=1))

    assert "signals_updates waits in a rolling update" in message


def test_ecs_keeps_no_machine_warm(estate):
    """It starts and stops its machines itself."""
    with pytest.raises(FleetError, match="keep none warm, or use AcceleratorFleet"):
        container_fleet(estate, fast_start=FastStart(warm_machines=1))


def test_a_start_says_what_each_part_was_reckoned_from(estate):
    """One sentence a part, whose word it is included."""
    fleet = estate.fleet(engine=Sglang(), fast_start=PREPARED)

    parts = [sentence.split(":")[0] for sentence in fleet.time_to_ready.assumptions]
    assert parts == ["boot", "image", "weights", "warm-up"]
    assert "300 MiB a second, which is paid for" in fleet.time_to_ready.assumptions[2]
    assert "as measured" in fleet.time_to_ready.assumptions[3]
    assert fleet.time_to_ready_from_warm is None


def test_patience_is_that_for_a_new_machine(estate):
    """A pool can be empty, and a machine that starts anew needs its time."""
    fleet = estate.fleet(machine_image=PINNED, fast_start=FastStart(image_on_machine=True, warm_machines=1))

    warm = fleet.time_to_ready_from_warm
    assert warm is not None
    assert warm.total_seconds < fleet.time_to_ready.total_seconds
    group = only(testing.template(estate.stack), GROUP)
    assert group["HealthCheckGracePeriod"] >= 2 * fleet.time_to_ready.total_seconds
