"""A budget that tells before it is spent."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers import testing
from genai_layers.catalog.errors import RegionError
from genai_layers.foundation import EncryptionKey
from genai_layers.operations import BudgetError, Monitoring, SpendBudget
from genai_layers.testing import Request, Resolver, Template, evaluate, resources

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def template() -> Template:
    """A budget of 500 USD a month."""
    stack = testing.stack()
    key = EncryptionKey(
        stack, "Key", description="logs", uses=[*Monitoring.REQUIRED_KEY_USES, *SpendBudget.REQUIRED_KEY_USES]
    )
    SpendBudget(stack, "Budget", monthly_usd=500, topic=Monitoring(stack, "Monitoring", key=key.key).topic)
    return testing.template(stack)


def _budget(template: Template) -> dict[str, Any]:
    (budget,) = resources(template, "AWS::Budgets::Budget").values()
    return budget


def test_it_tells_before_during_and_after(template: Template) -> None:
    """At four fifths, at all, and when more is expected."""
    notices = [one["Notification"] for one in _budget(template)["Properties"]["NotificationsWithSubscribers"]]

    assert [(one["NotificationType"], one["Threshold"]) for one in notices] == [
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]


def test_it_is_for_a_month_in_dollars(template: Template) -> None:
    """The amount as given."""
    budget = _budget(template)["Properties"]["Budget"]

    assert budget["BudgetLimit"] == {"Amount": 500, "Unit": "USD"}
    assert (budget["BudgetType"], budget["TimeUnit"]) == ("COST", "MONTHLY")


def test_the_topic_lets_budgets_in_before_the_budget_is_made(template: Template) -> None:
    """The service tries the topic at once."""
    resolver = Resolver(template=template)
    ((name, policy),) = resources(template, "AWS::SNS::TopicPolicy").items()
    (topic,) = resources(template, "AWS::SNS::Topic")
    request = Request(
        principal="budgets.amazonaws.com",
        action="sns:Publish",
        resource=resolver.arn(topic),
        context={"aws:SourceAccount": testing.ACCOUNT, "aws:SourceArn": f"arn:aws:budgets::{testing.ACCOUNT}:b"},
        resource_policy=resolver.resolve(policy["Properties"]["PolicyDocument"]),
    )

    (decision,) = evaluate([request])

    assert decision.allowed
    assert _budget(template)["DependsOn"] == [name]


@pytest.mark.parametrize("amount", [0, -1])
def test_refuses_a_budget_of_nothing(amount: int) -> None:
    """Nothing could be measured against it."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="logs")

    with pytest.raises(BudgetError, match=f"monthly_usd is {amount}: give more than 0"):
        SpendBudget(stack, "Budget", monthly_usd=amount, topic=Monitoring(stack, "Monitoring", key=key.key).topic)


def test_refuses_a_partition_without_budgets() -> None:
    """Named, rather than failed at deploy."""
    stack = testing.stack(region="us-gov-west-1")
    key = EncryptionKey(stack, "Key", description="logs")

    with pytest.raises(RegionError, match="AWS::Budgets::Budget"):
        SpendBudget(stack, "Budget", monthly_usd=1, topic=Monitoring(stack, "Monitoring", key=key.key).topic)
