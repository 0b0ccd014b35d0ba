"""Machines that stay for large trainings: a SageMaker HyperPod cluster with Slurm."""

from genai_layers.jobs.training_cluster.cluster import TrainingCluster
from genai_layers.jobs.training_cluster.errors import TrainingClusterError
from genai_layers.jobs.training_cluster.node_group import NodeGroup, NodeKind

__all__ = ["NodeGroup", "NodeKind", "TrainingCluster", "TrainingClusterError"]
