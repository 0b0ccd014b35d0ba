"""A guardrail that was defined elsewhere, and the grant that all guardrails share."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms


def grant_apply(grantee: iam.IGrantable, arns: Sequence[str], key: kms.IKey | None) -> iam.Grant:
    """
    Let *grantee* apply a guardrail.

    Args:
        grantee: Who may.
        arns: The guardrail, and the profiles that it judges through.
        key: Key of its definition; the service decrypts with the permissions of the caller.
    """
    granted = iam.Grant.add_to_principal(grantee=grantee, actions=["bedrock:ApplyGuardrail"], resource_arns=list(arns))
    return granted if key is None else granted.combine(key.grant_decrypt(grantee))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedGuardrail:
    """
    A guardrail of another stack or team; made by `Guardrail.from_guardrail_arn`.

    Attributes:
        guardrail_arn: ARN without a version.
        version: Numbered version for requests.
        key: Its key; None where it has an AWS-owned one.
    """

    guardrail_arn: str
    version: str
    key: kms.IKey | None = None

    @property
    def guardrail_id(self) -> str:
        """Identifier for `guardrailConfig`; a request takes the ARN as well, so nothing is cut out of it."""
        return self.guardrail_arn

    @property
    def revision(self) -> str:
        """The version, which is plain text here."""
        return self.version

    def grant_apply(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* use the guardrail.

        Args:
            grantee: Who may.
        """
        return grant_apply(grantee, (self.guardrail_arn,), self.key)
