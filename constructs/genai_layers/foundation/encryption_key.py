"""A customer-managed key that the services it is for can really use."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.foundation.errors import StorageError
from genai_layers.foundation.key_uses import KeyUse


class EncryptionKey(Construct):
    """
    A customer-managed KMS key, rotated every year.

    Its policy lets the account's own IAM policies decide, and adds the grants of every service in *uses*.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new key; what the old one encrypted stays with it.
        description: What the key protects; shown in the console and in audits.
        uses: Services that need the key. Default: none beyond the account's own IAM policies.
        removal_policy: What happens to the key when the stack goes. Default: it is kept, since data that it
            encrypted would be lost with it.
        pending_window: Time between deletion and the real end, 7 to 30 days. Default: 30 days.

    Attributes:
        key: The KMS key.

    Raises:
        StorageError: *pending_window* is outside what KMS allows.

    Example:
        key = EncryptionKey(self, "Key", description="chat data", uses=[KeyUse.LOGS, KeyUse.DYNAMODB])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        uses: Sequence[KeyUse] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        pending_window: Duration | None = None,
    ) -> None:
        super().__init__(scope, id)
        window = Duration.days(30) if pending_window is None else pending_window
        if not 7 <= window.to_days() <= 30:
            raise StorageError([f"pending_window is {window.to_days():g} days: choose 7 to 30 days"])

        self.key = kms.Key(
            self,
            "Resource",
            description=description,
            enable_key_rotation=True,
            pending_window=window,
            removal_policy=removal_policy,
        )
        for use in uses:
            self.allow(use)

    def allow(self, use: KeyUse) -> None:
        """
        Let one more service use the key; a use that is already there changes nothing.

        Args:
            use: The service, and what it does with the key.
        """
        for grant in use.grants:
            self.key.add_to_resource_policy(grant.statement(Stack.of(self)))
