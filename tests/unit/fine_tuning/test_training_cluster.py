"""Machines that stay for large trainings: private, encrypted, checked and replaced."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asl import logical_id, resolver
from cluster_estate import PLAN, Cluster
from tuning_estate import Estate

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.fine_tuning import FineTuningError
from genai_layers.jobs.training_cluster import NodeGroup, NodeKind, TrainingClusterError
from genai_layers.testing.policy import Request, evaluate
from tests.service_model import faults

pytestmark = pytest.mark.synth

SCRIPT = Path(testing.__file__).parents[1] / "jobs" / "training_cluster" / "scripts" / "after_init.sh"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """Template of a cluster."""
    return testing.template(Cluster().stack)


def properties(template: dict[str, Any]) -> dict[str, Any]:
    """The cluster, with every reference filled."""
    (found,) = testing.resources(template, "AWS::SageMaker::Cluster").values()
    resolved: dict[str, Any] = resolver(template).resolve(found["Properties"])
    return resolved


def test_the_service_takes_every_property(template: dict[str, Any]) -> None:
    """Names, enums, ranges and patterns of CreateCluster; CloudFormation gives the name."""
    assert faults("sagemaker", "CreateCluster", {"ClusterName": "c", **properties(template)}) == []


def test_every_volume_is_under_our_key_and_every_node_in_our_network(template: dict[str, Any]) -> None:
    """The root volume too, which has a key of the service otherwise."""
    cluster = properties(template)

    for group in cluster["InstanceGroups"]:
        volumes = [each["EbsVolumeConfig"] for each in group["InstanceStorageConfigs"]]
        assert [each.get("RootVolume") for each in volumes] == [True, None]
        assert all(":key/" in each["VolumeKmsKeyId"] for each in volumes)
    assert cluster["VpcConfig"]["Subnets"] == ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


def test_broken_nodes_are_replaced_and_new_ones_checked(template: dict[str, Any]) -> None:
    """What has no accelerator has nothing to stress; capacity of a plan is taken from it."""
    cluster = properties(template)
    checks = {each["InstanceGroupName"]: each.get("OnStartDeepHealthChecks") for each in cluster["InstanceGroups"]}

    assert cluster["NodeRecovery"] == "Automatic"
    assert checks == {"controller": None, "login": None, "workers": ["InstanceStress", "InstanceConnectivity"]}
    assert [each.get("TrainingPlanArn") for each in cluster["InstanceGroups"]] == [None, None, PLAN]


def test_nodes_talk_to_one_another_over_efa_and_to_nobody_else(template: dict[str, Any]) -> None:
    """All traffic within the group, both ways, and TLS out."""
    ingress = testing.resources(template, "AWS::EC2::SecurityGroupIngress").values()
    egress = testing.resources(template, "AWS::EC2::SecurityGroupEgress").values()
    (group,) = testing.resources(template, "AWS::EC2::SecurityGroup").values()

    assert [each["Properties"]["IpProtocol"] for each in (*ingress, *egress)] == ["-1", "-1"]
    assert [each["FromPort"] for each in group["Properties"]["SecurityGroupEgress"]] == [443]


def test_nodes_fetch_their_script_from_a_folder_of_its_own(template: dict[str, Any]) -> None:
    """HyperPod copies the whole folder; the name follows the content."""
    for group in properties(template)["InstanceGroups"]:
        cycle = group["LifeCycleConfig"]
        assert cycle["OnInitComplete"] == SCRIPT.name
        assert cycle["SourceS3Uri"].rpartition("/hyperpod-")[2].strip("/")
        assert cycle["SourceS3Uri"].endswith("/")


def test_the_script_has_no_finding() -> None:
    """At the strictest level."""
    program = Path(sys.executable).with_name("shellcheck")
    options = ["--severity=style", "--enable=quote-safe-variables"]
    done = subprocess.run([str(program), *options, str(SCRIPT)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_nodes_reach_what_they_were_granted_and_no_other_asset(template: dict[str, Any]) -> None:
    """Data to read, models to write, their own script; asked of an IAM evaluator."""
    values = resolver(template)
    role = logical_id(template, "AWS::IAM::Role", "ClusterRole")
    data = values.arn(logical_id(template, "AWS::S3::Bucket", "Data"))
    uri = properties(template)["InstanceGroups"][0]["LifeCycleConfig"]["SourceS3Uri"]
    assets = uri.removeprefix("s3://")
    calls = [
        ("s3:GetObject", f"arn:aws:s3:::{assets}{SCRIPT.name}", True),
        ("s3:GetObject", f"arn:aws:s3:::{assets.partition('/')[0]}/another.zip", False),
        ("s3:GetObject", f"{data}/approved/a", True),
        ("s3:PutObject", f"{data}/approved/a", False),
        ("s3:PutObject", f"{data}/models/a", True),
        ("iam:PassRole", values.arn(role), False),
        ("sagemaker:UpdateCluster", f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}:cluster/abcdefghijkl", False),
    ]
    decisions = evaluate(
        [
            Request(
                principal=values.arn(role),
                action=action,
                resource=resource,
                identity_policies=testing.policies_of(template, role, values),
                resource_account=testing.ACCOUNT,
            )
            for action, resource, _ in calls
        ]
    )

    assert [decision.allowed for decision in decisions] == [expected for *_, expected in calls]


def test_what_nothing_could_be_trained_on_is_refused_with_every_fault() -> None:
    """Types that HyperPod has not, nodes without EFA, plans in the wrong place, and no controller."""
    groups = (
        NodeGroup.compute("workers", "ml.g5.2xlarge", 4),
        NodeGroup.compute("workers", "ml.p99.large", 1, training_plan_arn="large"),
        NodeGroup(name="l_1", kind=NodeKind.LOGIN, instance_type="ml.m5.large", count=0, training_plan_arn=PLAN),
    )
    with pytest.raises(TrainingClusterError) as refused:
        Cluster(groups=groups)

    for said in ("without EFA", "'ml.p99.large'", "ARN of a training plan", "'l_1' has that name", "0 nodes",
                 "does not train and has a training plan", "a name of its own", "there are 0 controllers"):  # fmt: skip
        assert said in str(refused.value)
    with pytest.raises(TrainingClusterError, match="no node group trains"):
        Cluster(groups=(NodeGroup.controller(),))


def test_a_pipeline_says_that_it_cannot_train_on_a_cluster() -> None:
    """SageMaker has no call for it, and the error says what to do instead."""
    with pytest.raises(
        FineTuningError, match=r"machines is a TrainingCluster: .*Machines\.cluster.*or submit to Slurm"
    ):
        Estate(machines=Cluster().made)


def test_a_cluster_is_clean_under_every_pack() -> None:
    """Wildcards are acknowledged with a reason beside them."""
    app = testing.app()
    attach_checks(app)
    Cluster(app)

    synthesize(app)
