"""AWS Budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.layout import ACCOUNT
from tools.local_cloud.ministack_launcher.row import Call, Name, Resource, Row

if TYPE_CHECKING:
    from collections.abc import Mapping


def _budget(resource: Resource) -> Mapping[str, Any]:
    """The template's budget, under the name it has or got."""
    return {"BudgetName": resource.properties["BudgetName"], **resource.properties["Budget"]}


ROWS = (
    Row(
        type="AWS::Budgets::Budget",
        service="budgets",
        # The template keeps the name inside `Budget`; one made up is kept beside it.
        name=Name("BudgetName", 100),
        create=Call(
            "CreateBudget",
            lambda r: {
                **{name: value for name, value in r.properties.items() if name not in ("Budget", "BudgetName")},
                "AccountId": ACCOUNT,
                "Budget": _budget(r),
            },
        ),
        physical_id=lambda r: _budget(r)["BudgetName"],
        update=Call(
            "UpdateBudget", lambda r: {"AccountId": ACCOUNT, "NewBudget": {**_budget(r), "BudgetName": r.physical_id}}
        ),
        replaces=frozenset({"NotificationsWithSubscribers"}),
        delete=(Call("DeleteBudget", lambda r: {"AccountId": ACCOUNT, "BudgetName": r.physical_id}),),
    ),
)
