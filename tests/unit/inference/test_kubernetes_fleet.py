"""What a fleet of pods and its cluster are made of, and what their defaults stand for."""

from __future__ import annotations

import builtins
import json

import pytest
from aws_cdk import aws_iam as iam
from inference_estate import Estate, only
from kubernetes_estate import VARIANTS, kubernetes_fleet, manifests, model_cluster, templates, values, written

from genai_layers import testing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference import IModelEndpoint
from genai_layers.inference.eks import ModelCluster
from genai_layers.inference.errors import ClusterError

pytestmark = pytest.mark.synth

CLUSTER = "AWS::EKS::Cluster"
ENTRY = "AWS::EKS::AccessEntry"
EVERY = sorted(VARIANTS)


def person(estate, name):
    """Return a role of a person."""
    return iam.Role(estate.stack, name, assumed_by=iam.AccountRootPrincipal())


def engine_pools(template):
    """Return the node pools with accelerators."""
    return [pool for pool in manifests(template, "NodePool") if pool["metadata"]["name"] != "genai-system"]


def requirement(pool, key):
    """Return the values that a node of *pool* has under *key*."""
    (found,) = [item for item in pool["spec"]["template"]["spec"]["requirements"] if item["key"] == key]
    return found["values"]


@pytest.mark.parametrize("variant", EVERY)
def test_a_cluster_is_closed_encrypted_and_logged(variant):
    """Nothing of it is open to the internet, and all that happens in it is written down."""
    properties = only(templates()[variant], CLUSTER)
    kinds = {item["Type"] for item in properties["Logging"]["ClusterLogging"]["EnabledTypes"]}

    assert properties["ResourcesVpcConfig"]["EndpointPublicAccess"] is False
    assert properties["ResourcesVpcConfig"]["EndpointPrivateAccess"] is True
    assert properties["EncryptionConfig"][0]["Resources"] == ["secrets"]
    assert kinds == {"api", "audit", "authenticator", "controllerManager", "scheduler"}
    assert properties["AccessConfig"] == {
        "AuthenticationMode": "API",
        "BootstrapClusterCreatorAdminPermissions": False,
    }
    assert properties["UpgradePolicy"] == {"SupportType": "STANDARD"}
    assert properties["DeletionProtection"] is (variant != "destroyed")


def test_every_log_group_stands_before_what_writes_to_it():
    """EKS and its agent make groups without key and end where they find none."""
    template = templates()["plain"]
    names = {
        json.dumps(group["Properties"]["LogGroupName"]): (logical_id, group)
        for logical_id, group in testing.resources(template, "AWS::Logs::LogGroup").items()
        if "LogGroupName" in group["Properties"] and "Cluster" in logical_id
    }
    (control_plane,) = [found[0] for name, found in names.items() if "/aws/eks/" in name]
    (cluster,) = testing.resources(template, CLUSTER).values()
    (addon,) = testing.resources(template, "AWS::EKS::Addon").values()

    assert len(names) == 5
    assert all("KmsKeyId" in group["Properties"] for _, group in names.values())
    assert control_plane in cluster["DependsOn"]
    assert {found[0] for name, found in names.items() if "containerinsights" in name} <= set(addon["DependsOn"])


@pytest.mark.parametrize("variant", EVERY)
def test_nodes_have_volumes_under_the_key_and_stand_in_closed_subnets(variant):
    """The pools that EKS brings have neither, so there are none of them."""
    template = templates()[variant]

    for each in manifests(template, "NodeClass"):
        assert each["spec"]["ephemeralStorage"]["kmsKeyID"].startswith("Key")
        assert all("Isolated" in term["id"] for term in each["spec"]["subnetSelectorTerms"])
    assert only(template, CLUSTER)["ComputeConfig"] == {"Enabled": True, "NodePools": []}


@pytest.mark.parametrize("variant", EVERY)
def test_only_the_engine_lands_on_accelerators(variant):
    """A taint keeps others off, and the engine stands nowhere else."""
    template = templates()[variant]
    names = {pool["metadata"]["name"] for pool in engine_pools(template)}

    for pool in engine_pools(template):
        (taint,) = pool["spec"]["template"]["spec"]["taints"]
        assert taint == {"key": "genai-layers/pool", "value": pool["metadata"]["name"], "effect": "NoSchedule"}
        assert pool["spec"]["disruption"]["consolidationPolicy"] == "WhenEmpty"
    for release in written(template, "HelmChart", "Values").values():
        for model in release.get("servingEngineSpec", {}).get("modelSpec", ()):
            assert model["tolerations"][0]["value"] in names
    assert values(template, "keda")["nodeSelector"]["genai-layers/pool"] == "genai-system"


@pytest.mark.parametrize(
    ("variant", "bought", "limit"),
    [
        ("plain", ["on-demand"], {"nvidia.com/gpu": "3"}),
        ("spot", ["spot"], {"nvidia.com/gpu": "3"}),
        ("reserved", ["reserved", "on-demand"], {"nvidia.com/gpu": "3"}),
        ("block", ["reserved"], {"nvidia.com/gpu": "24"}),
        ("copies", ["on-demand"], {"nvidia.com/gpu": "16"}),
        ("neuron", ["on-demand"], {"aws.amazon.com/neuron": "3"}),
    ],
)
def test_machines_are_bought_as_asked_and_no_more_than_one_beyond_the_bound(variant, bought, limit):
    """One more may stand while an update runs."""
    (pool,) = engine_pools(templates()[variant])

    assert requirement(pool, "karpenter.sh/capacity-type") == bought
    assert pool["spec"]["limits"] == limit


@pytest.mark.parametrize("variant", ["reserved", "block"])
def test_a_reservation_is_named_to_the_nodes(variant):
    """Auto Mode uses only reservations that it is told of."""
    (found,) = [
        each["spec"]["capacityReservationSelectorTerms"]
        for each in manifests(templates()[variant], "NodeClass")
        if "capacityReservationSelectorTerms" in each["spec"]
    ]

    assert found == [{"id": "cr-0123456789abcdef0"}]


def test_the_load_balancer_belongs_to_the_stack_and_the_cluster_only_adds_pods():
    """Nothing in the cluster makes one, so that a delete leaves none behind."""
    template = templates()["plain"]
    (binding,) = manifests(template, "TargetGroupBinding")
    (group,) = testing.resources(template, "AWS::ElasticLoadBalancingV2::TargetGroup")
    every = json.dumps(written(template, "HelmChart", "Values")) + json.dumps(
        written(template, "KubernetesResource", "Manifest")
    )

    assert binding["spec"]["targetGroupARN"] == group
    assert binding["spec"]["targetType"] == only(template, "AWS::ElasticLoadBalancingV2::TargetGroup")["TargetType"]
    assert "LoadBalancer" not in every
    assert '"Ingress"' not in every


def test_what_runs_may_end_when_a_pod_goes():
    """The probe tells the load balancer first; then there is the time of the longest request."""
    (patch,) = written(templates()["plain"], "KubernetesPatch", "ApplyPatchJson").values()
    spec = patch["spec"]["template"]["spec"]
    (engine,) = [item for item in spec["containers"] if item["name"] == "vllm"]

    assert spec["terminationGracePeriodSeconds"] == 330
    assert engine["lifecycle"]["preStop"]["exec"]["command"] == ["python3", "/genai/drain_pod.py"]


def test_the_deploy_talks_to_the_cluster_from_within_and_to_cloudformation_from_without():
    """CloudFormation's bucket for answers is not ours, so the endpoint of a closed network lets nobody to it."""
    functions = testing.resources(templates()["plain"], "AWS::Lambda::Function")
    inside = {name: "VpcConfig" in each["Properties"] for name, each in functions.items() if "Kubectl" in name}

    assert sorted(inside.values()) == [False, True]
    assert next(name for name, there in inside.items() if there).startswith("ClusterKubectlProviderHandler")


def test_files_of_a_pod_follow_their_content():
    """A changed file has another name, so that pods start anew with it."""
    (files,) = manifests(templates()["plain"], "ConfigMap")
    (other,) = manifests(templates()["spot"], "ConfigMap")

    assert files["immutable"] is True
    assert files["metadata"]["name"] == other["metadata"]["name"]
    assert set(files["data"]) >= {"meter.py", "probe.py", "sitecustomize.py"}


def test_a_node_is_asked_for_when_its_role_may_do_what_it_has_to():
    """A node that joins before that is turned away, and the next one comes minutes later."""
    room = testing.resources(templates()["plain"], "Custom::AWSCDK-EKS-KubernetesResource")["FleetReleaseRoom91BA93D9"]

    for before in ("FleetReleaseNodeRoleDefaultPolicy", "FleetReleaseNodeRoleAccess"):
        assert any(name.startswith(before) for name in room["DependsOn"]), before


def test_fleets_share_a_cluster_and_nothing_in_it():
    """Namespace, nodes, roles and releases are each fleet's own."""
    template = templates()["two"]
    namespaces = {each["metadata"]["name"] for each in manifests(template, "Namespace")} - {"keda"}
    longest = max(namespaces, key=len)

    assert len(namespaces) == len(engine_pools(template)) == 2
    assert len(testing.resources(template, "AWS::EKS::PodIdentityAssociation")) == 2
    assert len(testing.resources(template, CLUSTER)) == 1
    # Kubernetes, names of labels and hosts.
    assert len(f"{longest}-model-engine-service") <= 63


def test_it_has_the_face_of_every_fleet():
    """Who asks a model need not know what runs it."""
    fleet = kubernetes_fleet(Estate())

    assert isinstance(fleet, IModelEndpoint)
    assert fleet.endpoint.model_id == "llama-3.1-8b"
    assert fleet.fit.instance.accelerator.vendor is Vendor.NVIDIA
    assert fleet.metrics.waiting_requests().metric_name == "vllm:num_requests_waiting"


def test_administrators_are_named_and_of_no_group():
    """Nobody is an administrator by having made the cluster."""
    estate = Estate()
    admin, viewer = (person(estate, name) for name in ("Admin", "Viewer"))
    model_cluster(estate, administrators=[admin], viewers=[viewer])
    entries = testing.resources(testing.template(estate.stack), ENTRY).values()
    granted = {
        entry["Properties"]["PrincipalArn"]["Fn::GetAtt"][0]: json.dumps(entry["Properties"]["AccessPolicies"])
        for entry in entries
    }

    assert "AmazonEKSClusterAdminPolicy" in next(text for name, text in granted.items() if name.startswith("Admin"))
    assert "AmazonEKSViewPolicy" in next(text for name, text in granted.items() if name.startswith("Viewer"))
    assert not [entry for entry in entries if "KubernetesGroups" in entry["Properties"]]


def test_without_the_package_of_kubectl_a_cluster_says_what_to_install(monkeypatch):
    """Importing the library never needs it; asking for a cluster does."""
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name.startswith("aws_cdk.lambda_layer_kubectl"):
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", absent)

    with pytest.raises(ClusterError, match=r"pip install 'cdk-genai-layers\[eks\]'"):
        model_cluster(Estate())


def test_the_network_is_asked_for_what_a_private_cluster_calls():
    """Without these a node never joins, or a deploy waits for an hour."""
    asked = {endpoint.value for endpoint in ModelCluster.REQUIRED_ENDPOINTS}

    assert {"eks", "eks-auth", "ec2", "ecr.api", "ecr.dkr", "logs", "secretsmanager"} == asked
