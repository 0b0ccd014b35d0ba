"""Where models come from, as the account knows it that receives them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Token

ACCOUNT = re.compile(r"\d{12}")
_KEY = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[a-zA-Z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """
    A group of models of another account of the same region.

    Attributes:
        account: The account.
        group_name: Model package group.
        bucket_name: Bucket of the runs.
        key_arn: Key of that bucket.

    Example:
        ModelSource(account="444455556666", group_name="Tuning-Group", bucket_name="tuning-runs", key_arn=key_arn)
    """

    account: str
    group_name: str
    bucket_name: str
    key_arn: str

    def faults(self, account: str) -> list[str]:
        """
        Return what is wrong with it.

        Args:
            account: Account that receives.
        """
        found = []
        if not ACCOUNT.fullmatch(self.account):
            found.append(f"source account is {self.account!r}: give its twelve digits")
        if not Token.is_unresolved(account) and self.account == account:
            found.append(
                f"source account {self.account} is the receiving one: within one account the hand-off deploys, with "
                "deploy_to"
            )
        if not Token.is_unresolved(self.key_arn) and not _KEY.fullmatch(self.key_arn):
            found.append(
                f"source key is {self.key_arn!r}: give the ARN of the key, since an alias of another account names "
                "nothing here"
            )
        return found
