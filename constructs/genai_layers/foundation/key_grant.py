"""One statement of a key policy, written as data and filled in for the stack of the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
"""Operator to key to value, as in IAM. `{partition}`, `{region}`, `{account}`, `{suffix}` are filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGrant:
    """
    Permission to use a key, for an AWS service or through one.

    Attributes:
        sid: Name of the statement; letters and digits.
        actions: KMS actions.
        service: Service principal that uses the key by itself. Default: callers of our own account do.
        conditions: When it holds. Every grant names our account in one of them.
    """

    sid: str
    actions: Sequence[str]
    service: str | None = None
    conditions: Conditions

    def statement(self, stack: Stack) -> iam.PolicyStatement:
        """
        Return the statement for a key of *stack*.

        Args:
            stack: Stack that holds the key; gives partition, region and account.
        """
        values = {
            "account": stack.account,
            "partition": stack.partition,
            "region": stack.region,
            "suffix": stack.url_suffix,
        }
        principal: iam.IPrincipal = (
            iam.AnyPrincipal() if self.service is None else iam.ServicePrincipal(self.service.format(**values))
        )
        return iam.PolicyStatement(
            sid=self.sid,
            principals=[principal],
            actions=list(self.actions),
            resources=["*"],
            conditions={
                operator: {key: _filled(value, values) for key, value in block.items()}
                for operator, block in self.conditions.items()
            },
        )


def _filled(value: str | Sequence[str], values: Mapping[str, str]) -> str | list[str]:
    return value.format(**values) if isinstance(value, str) else [item.format(**values) for item in value]
