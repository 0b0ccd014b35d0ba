"""The warehouse that a knowledge base asks, and how it signs in there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_cdk import ArnFormat, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from genai_layers.platform.store_credentials import read_statements

# botocore 1.44.8, CreateKnowledgeBase.
_WORKGROUP = re.compile(
    r"arn:aws(-[a-z]+)*:redshift-serverless:[a-z]{2}(-gov)?-[a-z]+-\d:\d{12}:workgroup/[0-9a-f]{8}(-[0-9a-f]{4}){3}"
    r"-[0-9a-f]{12}"
)
_MAX_CLUSTER_CHARACTERS = 63


class QueryEngine(Protocol):
    """A warehouse; the knowledge base asks it with SQL."""

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        ...

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ...

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        ...

    def statements(self, stack: Stack, databases: Sequence[str]) -> Sequence[iam.PolicyStatement]:
        """Return what the role of the knowledge base must be allowed, to ask these databases."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RedshiftServerless:
    """
    A workgroup of Redshift Serverless, which costs nothing while nobody asks.

    Attributes:
        workgroup_arn: ARN of the workgroup, with its id and not its name.
        secret: User name and password. Default: the role of the knowledge base signs in itself, as the database user
            `IAMR:` and its name; that user must be granted SELECT, and nothing else, on what may be asked.
        secret_key: Key of the secret. Default: one that AWS owns.
    """

    workgroup_arn: str
    secret: secretsmanager.ISecret | None = None
    secret_key: kms.IKey | None = None

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::RedshiftServerless::Workgroup",)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        if Token.is_unresolved(self.workgroup_arn) or _WORKGROUP.fullmatch(self.workgroup_arn):
            return []
        return [f"workgroup_arn {self.workgroup_arn!r} is no ARN of a workgroup: it ends with the id, not the name"]

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        signs_in: dict[str, object] = {"type": "IAM"}
        if self.secret is not None:
            signs_in = {"type": "USERNAME_PASSWORD", "usernamePasswordSecretArn": self.secret.secret_arn}
        configuration = {"workgroupArn": self.workgroup_arn, "authConfiguration": signs_in}
        return {"type": "SERVERLESS", "serverlessConfiguration": configuration}

    def statements(self, stack: Stack, databases: Sequence[str]) -> Sequence[iam.PolicyStatement]:  # noqa: ARG002
        """
        Return what the role of the knowledge base must be allowed.

        Args:
            stack: Stack of the knowledge base.
            databases: Databases that it asks; a workgroup has no resource for each.
        """
        run = iam.PolicyStatement(actions=["redshift-data:ExecuteStatement"], resources=[self.workgroup_arn])
        if self.secret is not None:
            return [run, *read_statements(self.secret, self.secret_key)]
        return [
            run,
            iam.PolicyStatement(actions=["redshift-serverless:GetCredentials"], resources=[self.workgroup_arn]),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedshiftCluster:
    """
    A provisioned cluster of Redshift.

    Attributes:
        cluster: Identifier of the cluster.
        user: Database user that the role signs in as. Default: the role signs in as itself.
        secret: User name and password, instead of *user*. Default: none.
        secret_key: Key of the secret. Default: one that AWS owns.
    """

    cluster: str
    user: str | None = None
    secret: secretsmanager.ISecret | None = None
    secret_key: kms.IKey | None = None

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::Redshift::Cluster",)

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = []
        if not Token.is_unresolved(self.cluster) and not 1 <= len(self.cluster) <= _MAX_CLUSTER_CHARACTERS:
            faults.append(
                f"cluster has {len(self.cluster)} characters, allowed are 1 to {_MAX_CLUSTER_CHARACTERS}: "
                "give its identifier"
            )
        if self.user is not None and self.secret is not None:
            faults.append(f"user {self.user!r} and a secret are given: choose one way to sign in")
        return faults

    def render(self) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        signs_in: dict[str, object] = {"type": "IAM"}
        if self.user is not None:
            signs_in = {"type": "USERNAME", "databaseUser": self.user}
        if self.secret is not None:
            signs_in = {"type": "USERNAME_PASSWORD", "usernamePasswordSecretArn": self.secret.secret_arn}
        configuration = {"clusterIdentifier": self.cluster, "authConfiguration": signs_in}
        return {"type": "PROVISIONED", "provisionedConfiguration": configuration}

    def statements(self, stack: Stack, databases: Sequence[str]) -> Sequence[iam.PolicyStatement]:
        """
        Return what the role of the knowledge base must be allowed.

        Args:
            stack: Gives partition, region and account.
            databases: Databases that it asks.
        """
        run = iam.PolicyStatement(
            actions=["redshift-data:ExecuteStatement"], resources=[_cluster_arn(stack, "cluster", self.cluster)]
        )
        if self.secret is not None:
            return [run, *read_statements(self.secret, self.secret_key)]
        names = [_cluster_arn(stack, "dbname", f"{self.cluster}/{database}") for database in databases]
        if self.user is None:
            return [run, iam.PolicyStatement(actions=["redshift:GetClusterCredentialsWithIAM"], resources=names)]
        user = _cluster_arn(stack, "dbuser", f"{self.cluster}/{self.user}")
        return [run, iam.PolicyStatement(actions=["redshift:GetClusterCredentials"], resources=[user, *names])]


def _cluster_arn(stack: Stack, resource: str, name: str) -> str:
    return stack.format_arn(
        service="redshift", resource=resource, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
