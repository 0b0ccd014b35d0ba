"""Layer 1: pods of the vLLM production stack on Amazon EKS that serve a model."""

from genai_layers.inference.eks.charts import KEDA_VERSION, PRODUCTION_STACK_VERSION, Chart, Keda
from genai_layers.inference.eks.kubernetes_fleet import KubernetesFleet
from genai_layers.inference.eks.model_cluster import ModelCluster

__all__ = ["KEDA_VERSION", "PRODUCTION_STACK_VERSION", "Chart", "Keda", "KubernetesFleet", "ModelCluster"]
