"""A monthly budget that speaks up before it is spent."""

from __future__ import annotations

from aws_cdk import Aws, Stack, Token
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.operations.errors import BudgetError

_NOTICES = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
"""What is compared, and with which percentage of the budget."""


class SpendBudget(Construct):
    """
    A budget for what the account spends in a month.

    The topic is told at four fifths of it, at all of it, and when the month is expected to end above it.
    Amazon's bill is hours behind, so a budget bounds a month, not a minute: the API's throttles and the chat's
    token budgets bound the rest.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        monthly_usd: The budget, USD a month.
        topic: What is told; a topic of this account, whose key needs `REQUIRED_KEY_USES`.

    Attributes:
        cfn_budget: The budget as CloudFormation knows it.

    Raises:
        BudgetError: The budget is not above 0.
        RegionError: The partition has no budgets of its own.

    Example:
        SpendBudget(self, "Budget", monthly_usd=500, topic=monitoring.topic)
    """

    REQUIRED_KEY_USES = (KeyUse.BUDGETS,)

    def __init__(self, scope: Construct, id: str, *, monthly_usd: float, topic: sns.ITopic) -> None:
        super().__init__(scope, id)
        if monthly_usd <= 0:
            raise BudgetError([f"monthly_usd is {monthly_usd}: give more than 0"])
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::Budgets::Budget")
        allowed = topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Budgets",
                actions=["sns:Publish"],
                principals=[iam.ServicePrincipal("budgets.amazonaws.com")],
                resources=[topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": stack.format_arn(service="budgets", region="", resource="*")},
                },
            )
        )
        self.cfn_budget = budgets.CfnBudget(
            self,
            "Resource",
            budget={
                "budgetLimit": {"amount": monthly_usd, "unit": "USD"},
                "budgetType": "COST",
                "timeUnit": "MONTHLY",
            },
            notifications_with_subscribers=[
                {
                    "notification": {
                        "comparisonOperator": "GREATER_THAN",
                        "notificationType": kind,
                        "threshold": percent,
                        "thresholdType": "PERCENTAGE",
                    },
                    "subscribers": [{"address": topic.topic_arn, "subscriptionType": "SNS"}],
                }
                for kind, percent in _NOTICES
            ],
        )
        # The service tries the topic when the budget is made.
        if allowed.policy_dependable is not None:
            self.cfn_budget.node.add_dependency(allowed.policy_dependable)
