"""
The secret that a caller of a fleet has to know.
"""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from genai_layers.foundation.nag import acknowledge

_CHARACTERS = 48


class ApiKey(Construct):
    """
    A generated API key under a customer-managed key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new API key.
        key: Key of the secret; it needs `KeyUse.SECRETS_MANAGER`.
        removal_policy: What happens to it when the stack goes.

    Attributes:
        secret: The secret.
    """

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey, removal_policy: RemovalPolicy) -> None:
        super().__init__(scope, id)
        self._key = key
        self.secret = secretsmanager.Secret(
            self,
            "Resource",
            description="API key of the machines that serve a model",
            # By reference: a grant of the secret would write its grantee into the policy of the key, and between
            # stacks that is a circle. What the service needs is there by `KeyUse.SECRETS_MANAGER`.
            encryption_key=kms.Key.from_key_arn(self, "Key", key.key_arn),
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=_CHARACTERS, exclude_punctuation=True
            ),
            removal_policy=removal_policy,
        )
        acknowledge(
            self.secret,
            "AwsSolutions-SMG4",
            "SecretsManagerRotationEnabled",
            reason="A machine reads the key once, when its engine starts, so a rotation on a timer would lock callers "
            "out of running machines; it is rotated with an instance refresh, as docs/inference.md describes.",
        )

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* read the API key.

        All of it goes into the grantee's own policy: `Secret.grant_read` would name the grantee in the policy of the
        key, and tie the key's stack to every caller's.

        Args:
            grantee: Who may read it.
        """
        stack = Stack.of(self)
        read = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resource_arns=[self.secret.secret_arn],
        )
        decrypt = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt"],
            resource_arns=[self._key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"secretsmanager.{stack.region}.{stack.url_suffix}"}},
        )
        return read.combine(decrypt)
