"""What a fleet is made of, and what its defaults stand for."""

from __future__ import annotations

import pytest
from inference_estate import boot_files, fill, only

from genai_layers import testing

pytestmark = pytest.mark.synth

GROUP = "AWS::AutoScaling::AutoScalingGroup"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"
TEMPLATE = "AWS::EC2::LaunchTemplate"


def attributes(resource):
    """Return the attributes of a load balancer or target group by key."""
    (name,) = [name for name in resource if name.endswith("Attributes")]
    return {item["Key"]: item["Value"] for item in resource[name]}


def test_machines_take_metadata_by_session_token_over_one_hop_and_no_key_to_log_in(templates):
    """A container or a forged request on the machine reaches no credentials, and nobody logs in."""
    data = only(templates["plain"], TEMPLATE)["LaunchTemplateData"]

    assert data["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
    }
    assert "KeyName" not in data


@pytest.mark.parametrize("variant", ["plain", "spot", "neuron", "block"])
def test_every_volume_is_encrypted_under_the_given_key(templates, variant):
    """No volume is left to the account's default."""
    volumes = only(templates[variant], TEMPLATE)["LaunchTemplateData"]["BlockDeviceMappings"]

    assert all(volume["Ebs"]["Encrypted"] for volume in volumes)
    assert {fill(volume["Ebs"]["KmsKeyId"]) for volume in volumes} == {
        fill({"Fn::GetAtt": [next(iter(testing.resources(templates[variant], "AWS::KMS::Key"))), "Arn"]})
    }


def test_the_group_spans_several_types_and_zones_in_order_of_price(templates):
    """A shortage of one type, or in one zone, never leaves the model without a machine."""
    group = only(templates["plain"], GROUP)
    policy = group["MixedInstancesPolicy"]

    assert [item["InstanceType"] for item in policy["LaunchTemplate"]["Overrides"]] == [
        "g6.xlarge",
        "g6.2xlarge",
        "g5.xlarge",
        "g5.2xlarge",
    ]
    assert policy["InstancesDistribution"]["OnDemandAllocationStrategy"] == "prioritized"
    assert policy["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] == 100
    assert len(group["VPCZoneIdentifier"]) == 2
    assert group["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}


def test_a_machine_is_given_up_only_after_twice_the_time_that_a_start_should_take(estate):
    """The grace period follows from image, weights, network and engine rather than from a guess."""
    fleet = estate.fleet()

    group = only(testing.template(estate.stack), GROUP)

    assert group["HealthCheckType"] == "ELB"
    assert group["HealthCheckGracePeriod"] == fleet.time_to_ready.grace_seconds
    assert group["HealthCheckGracePeriod"] >= 2 * fleet.time_to_ready.total_seconds
    assert group["DefaultInstanceWarmup"] == fleet.time_to_ready.total_seconds


def test_an_update_replaces_one_machine_at_a_time_and_keeps_the_others(templates):
    """No update takes the model away."""
    (group,) = testing.resources(templates["plain"], GROUP).values()
    rolling = group["UpdatePolicy"]["AutoScalingRollingUpdate"]

    assert rolling["MaxBatchSize"] == 1
    assert rolling["MinInstancesInService"] == 1
    assert rolling["PauseTime"] == "PT18M"
    assert group["Properties"]["InstanceMaintenancePolicy"] == {
        "MinHealthyPercentage": 100,
        "MaxHealthyPercentage": 200,
    }


def test_an_update_can_wait_for_each_machine_to_answer(templates):
    """With signals, a version that never answers is rolled back."""
    (group,) = testing.resources(templates["signalled"], GROUP).values()
    files = boot_files(templates["signalled"])
    (logical_id,) = testing.resources(templates["signalled"], GROUP)

    assert group["UpdatePolicy"]["AutoScalingRollingUpdate"]["WaitOnResourceSignals"] is True
    assert f"GROUP_LOGICAL_ID='{logical_id}'" in files["/etc/genai/serving.env"]
    assert "/etc/systemd/system/genai-ready.service" in files
    assert "/etc/systemd/system/genai-ready.service" not in boot_files(templates["plain"])


def test_the_load_balancer_is_internal_and_kept_and_writes_access_logs(templates):
    """It has no public address, refuses malformed headers, and a delete needs a second thought."""
    balancer = only(templates["https"], BALANCER)
    found = attributes(balancer)

    assert balancer["Scheme"] == "internal"
    assert found["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert found["routing.http.desync_mitigation_mode"] == "strictest"
    assert found["deletion_protection.enabled"] == "true"
    assert found["access_logs.s3.enabled"] == "true"
    assert attributes(only(templates["destroyed"], BALANCER))["deletion_protection.enabled"] == "false"


def test_callers_come_over_tls_with_the_name_in_the_certificate(templates):
    """The listener takes TLS 1.2 and newer with forward secrecy, and the name leads to it."""
    listener = only(templates["https"], LISTENER)

    assert (listener["Protocol"], listener["Port"]) == ("HTTPS", 443)
    assert listener["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-Res")
    assert only(templates["https"], "AWS::Route53::RecordSet")["Name"] == "models.example.com."


@pytest.mark.parametrize(
    ("variant", "paths"),
    [("plain", ["/v1/*"]), ("sglang", ["/v1/*"]), ("embeddings", ["/v1/*"]), ("custom", ["/v1/ask"])],
)
def test_only_paths_that_the_engine_guards_with_its_key_reach_it(templates, variant, paths):
    """vLLM answers /invocations and /metrics without a key, so nothing but the guarded paths is let through."""
    default = only(templates[variant], LISTENER)["DefaultActions"]
    rule = only(templates[variant], RULE)

    assert [(action["Type"], action["FixedResponseConfig"]["StatusCode"]) for action in default] == [
        ("fixed-response", "404")
    ]
    assert rule["Conditions"] == [{"Field": "path-pattern", "PathPatternConfig": {"Values": paths}}]


def test_the_health_check_asks_the_probe_and_not_the_engine(templates):
    """An engine that listens is not yet a model that answers."""
    targets = only(templates["plain"], TARGETS)
    files = boot_files(templates["plain"])

    assert targets["HealthCheckPort"] == "8001" != str(targets["Port"])
    assert targets["HealthCheckPath"] == "/health"
    assert "HEALTH_PORT='8001'" in files["/etc/genai/probe.env"]
    assert "PORT='8000'" in files["/etc/genai/probe.env"]


def test_running_requests_are_waited_for_when_a_machine_goes(templates):
    """Load balancer, container and idle timeout agree on how long a request may take."""
    found = attributes(only(templates["plain"], TARGETS))

    assert found["deregistration_delay.timeout_seconds"] == "300"
    assert found["load_balancing.algorithm.type"] == "least_outstanding_requests"
    assert attributes(only(templates["plain"], BALANCER))["idle_timeout.timeout_seconds"] == "300"
    assert "STOP_SECONDS='300'" in boot_files(templates["plain"])["/etc/genai/serving.env"]


def test_machines_are_reached_from_the_load_balancer_only_and_speak_tls_outwards(templates):
    """No rule opens a port to an address range, and the way out is HTTPS alone."""
    ingress = testing.resources(templates["plain"], "AWS::EC2::SecurityGroupIngress").values()
    groups = {
        name: group["Properties"]
        for name, group in testing.resources(templates["plain"], "AWS::EC2::SecurityGroup").items()
        if name.startswith("Fleet")
    }

    assert {rule["Properties"]["FromPort"] for rule in ingress} == {8000, 8001}
    assert all("SourceSecurityGroupId" in rule["Properties"] for rule in ingress)
    assert all("SecurityGroupIngress" not in group for group in groups.values())
    assert [
        group["SecurityGroupEgress"][0]["ToPort"] for group in groups.values() if "SecurityGroupEgress" in group
    ] == [443]


def test_nothing_has_a_physical_name(templates):
    """Two fleets of one account never collide, and a replacement never waits for a name."""
    names = {"Name", "RoleName", "PolicyName", "LaunchTemplateName", "AutoScalingGroupName", "LogGroupName"}
    for template in templates.values():
        for logical_id, resource in template["Resources"].items():
            if logical_id.startswith("Fleet") and resource["Type"] not in {
                "AWS::IAM::Policy",
                "AWS::Route53::RecordSet",
            }:
                assert not names & {key for key, value in resource["Properties"].items() if isinstance(value, str)}


def test_what_holds_data_is_kept_unless_it_is_said_otherwise(templates):
    """Logs and the API key outlive the stack by default."""
    for variant, policy in (("plain", "Retain"), ("destroyed", "Delete")):
        for type_ in ("AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"):
            kept = [
                resource["DeletionPolicy"]
                for name, resource in testing.resources(templates[variant], type_).items()
                if name.startswith("Fleet")
            ]
            assert kept == [policy]


def test_the_image_of_the_machines_follows_aws_unless_it_is_pinned(templates):
    """By default the id is read from the public parameter at each deploy; a pin holds it."""
    parameters = [item.get("Default") for item in templates["plain"]["Parameters"].values()]

    assert (
        "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id" in parameters
    )
    assert "/aws/service/neuron/dlami/base/amazon-linux-2023/latest/image_id" in [
        item.get("Default") for item in templates["neuron"]["Parameters"].values()
    ]
    assert only(templates["pinned"], TEMPLATE)["LaunchTemplateData"]["ImageId"] == "ami-0123456789abcdef0"
