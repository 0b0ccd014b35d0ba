"""
Act as a role, where a service acts for a customer: Step Functions and Bedrock assume the role that they were given.

MiniStack does this for functions; here the same is done for state machine tasks and for ingestion, so that a role
that lacks a permission fails in the local cloud too when IAM is enforced. Without enforcement nothing is checked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import sts

from tools.local_cloud.layout import ACCOUNT, REGION


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSession:
    """
    Temporary keys of one role.

    Attributes:
        access_key: Key id.
        secret_key: Secret.
        token: Session token.
    """

    access_key: str
    secret_key: str
    token: str


def session_of(role_arn: str, name: str) -> RoleSession | None:
    """
    Keys to act as *role_arn*, or None while IAM is not enforced.

    Args:
        role_arn: The role.
        name: Name of the session, as it shows in a denial.
    """
    if not app.AUTH:
        return None
    digest = hashlib.sha256(f"{role_arn}:{name}".encode()).hexdigest()
    session = RoleSession(access_key=f"ASIA{digest[:16].upper()}", secret_key=digest[16:56], token=digest[::-1])
    role = role_arn.rsplit("/", 1)[-1]
    sts.register_session(
        session.access_key,
        {
            "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
            "UserId": f"{role}:{name}",
            "SecretAccessKey": session.secret_key,
            "SessionToken": session.token,
        },
    )
    return session


def refusal(session: RoleSession | None, action: str, resource: str) -> str | None:
    """
    Why the session may not do *action* on *resource*; None when it may.

    Args:
        session: From `session_of`; None means that nothing is checked.
        action: IAM action, such as `s3:GetObject`.
        resource: ARN.
    """
    if session is None:
        return None
    denied = iam_evaluator.enforce(session.access_key, action, action.split(":")[0], REGION, resource_arn=resource)
    return f"the role may not {action} on {resource}" if denied else None
