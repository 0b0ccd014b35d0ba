"""A role for people, which only a fresh second factor opens."""

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.people import ROLE_PATH
from genai_layers.foundation.person import Person


class PersonRole(iam.Role):
    """
    A role that a person takes on with a second factor given a short time ago.

    The trust policy says so twice: an allow that asks for the factor, and a denial that holds whatever else the
    trust policy may come to allow. The denial uses `...IfExists`, so that it also meets long-lived access keys,
    whose requests do not have the key at all.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new role.
        person: What the role may do.
        boundary: Permissions boundary of the role.
        mfa_max_age: Longest time since the second factor was given.
        resource_tags: Tags of what the person may act on; empty for all of the account.
        trusted: Accounts, users or roles whose people may take it on.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        person: Person,
        boundary: iam.IManagedPolicy,
        mfa_max_age: Duration,
        resource_tags: Mapping[str, str],
        trusted: Sequence[iam.IPrincipal],
    ) -> None:
        seconds = f"{mfa_max_age.to_seconds():.0f}"
        fresh = {
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
            "NumericLessThanEquals": {"aws:MultiFactorAuthAge": seconds},
        }
        super().__init__(
            scope,
            id,
            assumed_by=iam.CompositePrincipal(*(iam.PrincipalWithConditions(each, fresh) for each in trusted)),
            description=person.purpose,
            max_session_duration=person.session,
            path=ROLE_PATH,
            permissions_boundary=boundary,
        )
        trust = cast("iam.PolicyDocument", self.assume_role_policy)
        trust.add_statements(
            _never("NeverWithoutMfa", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
            _never("NeverWithOldMfa", {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": seconds}}),
        )
        iam.ManagedPolicy(
            self,
            "Policy",
            description=person.purpose,
            roles=[self],
            statements=list(person.statements(Stack.of(self), resource_tags)),
        )
        acknowledge(self, *person.accepted, reason=person.reason)


def _never(sid: str, conditions: Mapping[str, Mapping[str, str]]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["sts:AssumeRole"],
        conditions=conditions,
    )
