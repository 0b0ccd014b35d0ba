"""
Who may pull exactly which images.
"""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from genai_layers.foundation.nag import acknowledge
from genai_layers.inference.engines.container_image import BoundImage


def grant_pull(role: iam.Role, *images: BoundImage) -> None:
    """
    Let *role* pull *images* and no others.

    Args:
        role: Who pulls.
        *images: What is pulled.
    """
    role.add_to_policy(
        iam.PolicyStatement(
            sid="PullEngine",
            actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            resources=list(dict.fromkeys(image.repository_arn for image in images)),
        )
    )
    role.add_to_policy(
        iam.PolicyStatement(sid="LogInToRegistry", actions=["ecr:GetAuthorizationToken"], resources=["*"])
    )
    acknowledge(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        reason="ecr:GetAuthorizationToken knows no resource; what the token can pull is bounded by the statement "
        "that names the engine's repository.",
    )
