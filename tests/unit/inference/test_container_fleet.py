"""What a fleet of tasks is made of, and what its defaults stand for."""

from __future__ import annotations

import json

import pytest
from container_estate import VARIANTS, container_fleet
from inference_estate import fill, only

from genai_layers import testing
from genai_layers.inference import IModelEndpoint
from genai_layers.inference.ecs import ContainerFleet

pytestmark = pytest.mark.synth

CAPACITY = "AWS::ECS::CapacityProvider"
GROUP = "AWS::AutoScaling::AutoScalingGroup"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
SERVICE = "AWS::ECS::Service"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"
TASK = "AWS::ECS::TaskDefinition"
TEMPLATE = "AWS::EC2::LaunchTemplate"


def containers(template):
    """Return the containers of the one task definition by name."""
    return {item["Name"]: item for item in fill(only(template, TASK))["ContainerDefinitions"]}


def settings(template):
    """Return what the ECS agent of a machine is told."""
    lines = fill(only(template, TEMPLATE)["LaunchTemplateData"]["UserData"]).splitlines()
    told = [line.split("'")[1].split("=", 1) for line in lines if line.endswith(">>/etc/ecs/ecs.config")]
    return dict(told)


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_no_container_can_change_its_image_or_gain_a_privilege(container_templates, variant):
    """Whichever the engine: no privileges, no capabilities, and a read-only image."""
    for container in containers(container_templates[variant]).values():
        assert container["Privileged"] is False
        assert container["ReadonlyRootFilesystem"] is True
        assert container["DockerSecurityOptions"] == ["no-new-privileges"]
        assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_machines_under_tasks_are_closed_and_encrypted(container_templates, variant):
    """Metadata by session token over one hop, none for tasks, an encrypted volume, and no key to log in."""
    template = container_templates[variant]
    data = only(template, TEMPLATE)["LaunchTemplateData"]

    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert settings(template)["ECS_AWSVPC_BLOCK_IMDS"] == "true"
    assert settings(template)["ECS_DISABLE_PRIVILEGED"] == "true"
    # A volume of a snapshot has the snapshot's key, and is refused where it names another way.
    own = [item["Ebs"] for item in data["BlockDeviceMappings"] if "SnapshotId" not in item["Ebs"]]
    assert own
    assert all(volume["Encrypted"] and volume["KmsKeyId"] for volume in own)
    assert "KeyName" not in data
    assert only(template, SERVICE)["EnableExecuteCommand"] is False


def test_the_task_has_a_network_of_its_own_that_only_the_balancer_enters(container_templates):
    """Requests and health checks, from one security group; the machine's group admits nobody."""
    template = container_templates["plain"]
    rules = testing.resources(template, "AWS::EC2::SecurityGroupIngress")
    groups = testing.resources(template, "AWS::EC2::SecurityGroup")

    assert only(template, TASK)["NetworkMode"] == "awsvpc"
    assert only(template, TARGETS)["TargetType"] == "ip"
    entered = {(rule["Properties"]["GroupId"]["Fn::GetAtt"][0], rule["Properties"]["FromPort"])
               for name, rule in rules.items() if name.startswith("Fleet")}  # fmt: skip
    assert {port for _, port in entered} == {8000, 8001}
    assert all(group.startswith("FleetService") for group, _ in entered)
    (host,) = [group for name, group in groups.items() if name.startswith("FleetHosts")]
    assert "SecurityGroupIngress" not in host["Properties"]


def test_a_version_that_does_not_answer_is_taken_back_and_leaves_its_logs(container_templates):
    """The cause must outlive the rollback: each container writes to a group that no rollback deletes."""
    template = container_templates["plain"]
    deployment = only(template, SERVICE)["DeploymentConfiguration"]
    kept = {
        name: group["DeletionPolicy"]
        for name, group in testing.resources(template, "AWS::Logs::LogGroup").items()
        if name.startswith("FleetLogs")
    }

    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert deployment["MinimumHealthyPercent"] == 100
    assert set(kept.values()) == {"Retain"}
    for container in containers(template).values():
        options = container["LogConfiguration"]["Options"]
        assert options["awslogs-group"] == f"ref-{next(iter(kept))}"


def test_a_new_task_has_twice_the_expected_start_before_it_is_given_up(container_templates, estate):
    """A model takes minutes to load, and a breaker that is impatient takes every version back."""
    fleet = container_fleet(estate)

    grace = only(container_templates["plain"], SERVICE)["HealthCheckGracePeriodSeconds"]

    assert grace == fleet.time_to_ready.grace_seconds >= 2 * fleet.time_to_ready.total_seconds


def test_ecs_starts_protects_and_drains_the_machines(container_templates):
    """A machine with a task is not taken away, and one that goes ends its requests first."""
    template = container_templates["plain"]
    provider = only(template, CAPACITY)["AutoScalingGroupProvider"]
    group = only(template, GROUP)

    assert provider["ManagedScaling"]["Status"] == "ENABLED"
    assert provider["ManagedTerminationProtection"] == provider["ManagedDraining"] == "ENABLED"
    assert group["NewInstancesProtectedFromScaleIn"] is True
    # One for each task, and one for the next version of one.
    assert (group["MinSize"], group["MaxSize"]) == ("0", "3")
    assert [item["InstanceType"] for item in group["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]][:2] == [
        "g6.xlarge",
        "g6.2xlarge",
    ]


@pytest.mark.parametrize(
    ("variant", "desired", "scaled"),
    [("plain", None, True), ("destroyed", 0, True), ("fixed", 2, False)],
)
def test_an_update_leaves_the_number_of_tasks_to_what_decides_it(container_templates, variant, desired, scaled):
    """Only a fleet of one size, and one that waits for its weights, has a number in the template."""
    template = container_templates[variant]

    assert only(template, SERVICE).get("DesiredCount") == desired
    assert bool(testing.resources(template, POLICY)) is scaled


@pytest.mark.parametrize(
    ("variant", "followed"),
    [
        ("plain", {"vllm:num_requests_waiting": 1, "vllm:kv_cache_usage_perc": 0.7}),
        ("latency", {"vllm:num_requests_waiting": 1, "vllm:kv_cache_usage_perc": 0.7,
                     "vllm:time_to_first_token_seconds": 2}),
        ("requests", {"ALBRequestCountPerTarget": 90}),
    ],
)  # fmt: skip
def test_the_number_of_tasks_follows_what_the_engine_tells(container_templates, variant, followed):
    """The same figures as for machines, from the probe of the task."""
    found = {}
    for policy in testing.resources(container_templates[variant], POLICY).values():
        tracking = policy["Properties"]["TargetTrackingScalingPolicyConfiguration"]
        custom = tracking.get("CustomizedMetricSpecification", {})
        name = custom.get("MetricName") or tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]
        found[name] = tracking["TargetValue"]

    assert found == followed


def test_gpus_are_asked_for_and_neuron_devices_are_named(container_templates):
    """All of a machine's accelerators, without privileges either way."""
    large = containers(container_templates["large"])["engine"]
    neuron = containers(container_templates["neuron"])["engine"]

    assert large["ResourceRequirements"] == [{"Type": "GPU", "Value": "4"}]
    assert "ResourceRequirements" not in neuron
    assert [item["HostPath"] for item in neuron["LinuxParameters"]["Devices"]] == ["/dev/neuron0"]
    for variant in ("large", "neuron"):
        assert only(container_templates[variant], SERVICE)["PlacementConstraints"] == [{"Type": "distinctInstance"}]


def test_engines_that_read_a_copy_wait_for_it_and_cannot_write_it(container_templates):
    """The copy is made by another container, and the engine has nothing to do before it is whole."""
    found = containers(container_templates["sglang"])
    (mount,) = [item for item in found["engine"]["MountPoints"] if item["ContainerPath"] == "/model"]

    assert found["engine"]["DependsOn"] == [{"ContainerName": "weights", "Condition": "SUCCESS"}]
    assert mount["ReadOnly"] is True
    assert found["weights"]["Essential"] is False
    assert "Secrets" not in found["weights"]
    assert "weights" not in containers(container_templates["plain"])


def test_the_api_key_is_a_secret_and_never_a_variable(container_templates):
    """By reference to Secrets Manager, to the engine and its probe alone."""
    found = containers(container_templates["plain"])

    assert {name: item["Secrets"][0]["Name"] for name, item in found.items()} == {
        "engine": "VLLM_API_KEY",
        "probe": "API_KEY",
    }
    assert len(json.dumps(fill(only(container_templates["plain"], TASK)))) < 64 * 1024


def test_it_has_the_face_of_every_model_endpoint(estate):
    """A caller does not see which back end answers."""
    fleet = container_fleet(estate)

    assert isinstance(fleet, IModelEndpoint)
    assert fleet.endpoint.model_id == "llama-3.1-8b"
    assert fleet.endpoint.url.startswith("http://")
    assert fleet.connections.default_port is not None
    assert fleet.grant_principal is not None
    assert isinstance(fleet, ContainerFleet)
