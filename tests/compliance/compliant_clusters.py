"""The part of the compliant template that is about clusters of Kubernetes, and what breaks its rules."""

from __future__ import annotations

from typing import Any

from template_edits import Edit, dropping, setting

_KINDS = ("api", "audit", "authenticator", "controllerManager", "scheduler")

CLUSTERS: dict[str, Any] = {
    "Kubernetes": {
        "Type": "AWS::EKS::Cluster",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "ResourcesVpcConfig": {
                "SubnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                "EndpointPublicAccess": False,
                "EndpointPrivateAccess": True,
            },
            "EncryptionConfig": [{"Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}, "Resources": ["secrets"]}],
            "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": kind} for kind in _KINDS]}},
            "AccessConfig": {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False},
        },
    },
    "KubernetesAccess": {
        "Type": "AWS::EKS::AccessEntry",
        "Properties": {
            "ClusterName": {"Ref": "Kubernetes"},
            "PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "KubernetesGroups": ["readers"],
        },
    },
    "KubernetesNodes": {
        "Type": "AWS::EKS::Nodegroup",
        "Properties": {
            "ClusterName": {"Ref": "Kubernetes"},
            "NodeRole": {"Fn::GetAtt": ["Role", "Arn"]},
            "Subnets": ["subnet-0123456789abcdef0"],
            "LaunchTemplate": {"Id": {"Ref": "Machines"}},
        },
    },
}

BREAKING: list[tuple[str, str, Edit]] = [
    ("GENAI-EKS-01", "no word on the endpoint", dropping("Kubernetes.ResourcesVpcConfig.EndpointPublicAccess")),
    (
        "GENAI-EKS-01",
        "an endpoint that nodes do not reach",
        setting("Kubernetes.ResourcesVpcConfig.EndpointPrivateAccess", False),
    ),
    (
        "GENAI-EKS-01",
        "an endpoint on the internet for a few",
        setting("Kubernetes.ResourcesVpcConfig.EndpointPublicAccess", True),
    ),
    ("GENAI-EKS-02", "secrets without a key", dropping("Kubernetes.EncryptionConfig")),
    ("GENAI-EKS-02", "a key for nothing", setting("Kubernetes.EncryptionConfig.0.Resources", [])),
    ("GENAI-EKS-03", "no log", dropping("Kubernetes.Logging")),
    (
        "GENAI-EKS-03",
        "no audit",
        setting("Kubernetes.Logging.ClusterLogging.EnabledTypes", [{"Type": "api"}, {"Type": "scheduler"}]),
    ),
    (
        "GENAI-EKS-04",
        "a config map beside the entries",
        setting("Kubernetes.AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP"),
    ),
    (
        "GENAI-EKS-04",
        "a maker with every power",
        dropping("Kubernetes.AccessConfig.BootstrapClusterCreatorAdminPermissions"),
    ),
    ("GENAI-EKS-05", "a master", setting("KubernetesAccess.KubernetesGroups", ["readers", "system:masters"])),
    ("GENAI-EKS-06", "nodes without a template", dropping("KubernetesNodes.LaunchTemplate")),
    ("GENAI-EKS-06", "nodes with SSH", setting("KubernetesNodes.RemoteAccess", {"Ec2SshKey": "mine"})),
]

ACCEPTED: list[tuple[str, str, Edit]] = [
    ("GENAI-EKS-05", "an entry with a policy and no group", dropping("KubernetesAccess.KubernetesGroups")),
    ("GENAI-EKS-06", "a template by its name", setting("KubernetesNodes.LaunchTemplate", {"Name": "nodes"})),
]
