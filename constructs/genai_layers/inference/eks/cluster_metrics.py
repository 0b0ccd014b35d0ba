"""
What CloudWatch knows of the control plane of a cluster, for nothing.
"""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_eks_v2 as eks

# EKS user guide, "Basic metrics in Amazon CloudWatch".
_NAMESPACE = "AWS/EKS"


class MeteredCluster:
    """
    What a cluster offers to be watched; a cluster mixes it in beside `Construct` and sets the attribute.
    """

    cluster: eks.Cluster

    def metric_requests(self) -> cloudwatch.Metric:
        """`apiserver_request_total`, Sum: calls that the API of the cluster took."""
        return self._metric("apiserver_request_total")

    def metric_server_errors(self) -> cloudwatch.Metric:
        """`apiserver_request_total_5XX`, Sum: calls that the API of the cluster failed."""
        return self._metric("apiserver_request_total_5XX")

    def metric_pods_without_node(self) -> cloudwatch.Metric:
        """`scheduler_pending_pods_UNSCHEDULABLE`, Sum: pods that found no node, counted each minute."""
        return self._metric("scheduler_pending_pods_UNSCHEDULABLE")

    def _metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=_NAMESPACE,
            metric_name=name,
            dimensions_map={"ClusterName": self.cluster.cluster_name},
            statistic="Sum",
        )
