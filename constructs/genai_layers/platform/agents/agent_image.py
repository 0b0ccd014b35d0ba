"""The container that an agent runs in."""

import re
from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentImage:
    """
    One image of an ECR repository, by its digest: a tag can be moved to something that nobody reviewed.

    Attributes:
        repository: The repository, in the region of the agent. AgentCore runs images for ARM64 only.
        digest: Digest of the image, `sha256:` and 64 hexadecimal digits.
    """

    repository: ecr.IRepository
    digest: str

    def faults(self) -> list[str]:
        """Return why the service would not find the image, or find another one tomorrow."""
        if Token.is_unresolved(self.digest) or _DIGEST.fullmatch(self.digest):
            return []
        return [
            f"digest of the image is {self.digest!r}: give sha256: and 64 hexadecimal digits, as ECR shows it; "
            "a tag can be moved"
        ]

    def artifact(self) -> agentcore.AgentRuntimeArtifact:
        """Return what a runtime is made from."""
        return agentcore.AgentRuntimeArtifact.from_image_uri(f"{self.repository.repository_uri}@{self.digest}")

    def pull_statements(self) -> list[iam.PolicyStatement]:
        """Return what a role needs to pull the image."""
        return [
            iam.PolicyStatement(
                actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                resources=[self.repository.repository_arn],
            ),
            # The token of a registry has no resource in IAM; what it opens is the statement before.
            iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]),
        ]
