"""
The layer with kubectl and Helm, which only those need who ask for a cluster.
"""

from __future__ import annotations

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from genai_layers.inference.errors import ClusterError

KUBERNETES_VERSION = eks.KubernetesVersion.V1_36
"""What clusters run; the layer's kubectl and Helm are of the same version, as Kubernetes asks."""


def kubectl_layer(scope: Construct, id: str) -> lambda_.ILayerVersion:
    """
    Define the layer.

    Args:
        scope: The construct it belongs to.
        id: Name within *scope*.

    Raises:
        ClusterError: The package with the layer is not installed.
    """
    try:
        from aws_cdk.lambda_layer_kubectl_v36 import KubectlV36Layer
    except ImportError as error:
        raise ClusterError(
            scope.node.path,
            [
                "the package aws-cdk-lambda-layer-kubectl-v36, with kubectl and Helm for the deploy, is not "
                "installed: pip install 'cdk-genai-layers[eks]'"
            ],
        ) from error
    return KubectlV36Layer(scope, id)
