"""Threat protection of a user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.read import given, joined
from tools.local_cloud.ministack_launcher.row import Call, Resource, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVERY_CLIENT = "ALL"


def _whose(resource: Resource) -> Mapping[str, Any]:
    """The pool, and the client unless the settings are for all of them, which the API says by leaving it out."""
    pool, client = resource.properties["UserPoolId"], resource.properties["ClientId"]
    return {"UserPoolId": pool, **({} if client == _EVERY_CLIENT else {"ClientId": client})}


def _settings(resource: Resource) -> Mapping[str, Any]:
    own = {name: value for name, value in resource.properties.items() if name != "ClientId"}
    return {**own, **_whose(resource)}


ROWS = (
    Row(
        type="AWS::Cognito::UserPoolRiskConfigurationAttachment",
        service="cognito-idp",
        create=Call("SetRiskConfiguration", _settings),
        physical_id=joined(given("UserPoolId"), given("ClientId")),
        update=Call("SetRiskConfiguration", _settings),
        replaces=frozenset({"ClientId", "UserPoolId"}),
        # There is no call that removes the settings: storing none is how they go.
        delete=(Call("SetRiskConfiguration", _whose),),
    ),
)
