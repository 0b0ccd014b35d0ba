"""The chat can run its model under its guardrail, search its knowledge base, keep its conversations; nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import Duration

from genai_layers import testing
from genai_layers.application import ChatServiceError, Retrieval, TokenBudget
from genai_layers.application.chat_service import NAMESPACE, ROUTES
from genai_layers.application.chat_values import TENANT_GROUP_PREFIX
from genai_layers.runtime.chat import metrics, routes, settings
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Outcome, Request, Resolver, Template, evaluate, policies_of, resources
from tests.unit.application.conftest import MODEL, Estate, make_estate

pytestmark = pytest.mark.synth


def _named(template: Template, type: str, prefix: str) -> tuple[str, dict[str, Any]]:
    (found,) = [(name, one) for name, one in resources(template, type).items() if name.startswith(prefix)]
    return found


def _environment(template: Template, prefix: str) -> dict[str, str]:
    _, function = _named(template, "AWS::Lambda::Function", prefix)
    variables = Resolver(template=template).resolve(function["Properties"]["Environment"]["Variables"])
    return {**variables, "AWS_LAMBDA_FUNCTION_NAME": "chat"}


def test_the_function_can_read_its_settings(template: Template) -> None:
    """What the construct writes, the function's own reader takes."""
    read = settings.read(Environment(_environment(template, "ChatFunction")))

    assert read.model_id == MODEL
    assert (read.max_output_tokens, read.passages, read.history, read.retention_days) == (1024, 5, 6, 30)
    assert read.user_tokens_per_day == 200_000
    assert (read.tenant_group_prefix, read.inspects_passages, read.link_hosts) == (None, False, ())
    assert read.input_usd_per_million is not None
    assert read.output_usd_per_million is not None


def test_every_wish_reaches_the_function(template: Template) -> None:
    """Nothing that was asked for is lost on the way."""
    read = settings.read(Environment(_environment(template, "BusyFunction")))

    assert (read.user_tokens_per_day, read.tenant_tokens_per_day) == (50_000, 1_000_000)
    assert (read.passages, read.inspects_passages, read.tenant_group_prefix) == (8, True, TENANT_GROUP_PREFIX)
    assert (read.instructions, str(read.temperature)) == ("Be brief.", "0.2")
    assert read.link_hosts == ("docs.example.com", "wiki.example.com")
    assert len(read.allowed_groups) == 2


def test_the_function_answers_the_routes_that_the_api_sends_it() -> None:
    """Both sides name the same routes and the same metrics."""
    assert set(ROUTES) == set(routes.ROUTES)
    assert NAMESPACE == metrics.NAMESPACE


def test_the_function_stands_in_the_isolated_subnets(template: Template) -> None:
    """With no way to the internet, and less time than the API waits."""
    _, function = _named(template, "AWS::Lambda::Function", "ChatFunction")

    subnets = json.dumps(function["Properties"]["VpcConfig"]["SubnetIds"])
    assert "NetworkIsolated" in subnets
    assert function["Properties"]["Timeout"] == 299


def test_conversations_are_encrypted_recoverable_and_kept(template: Template) -> None:
    """And items expire."""
    _, table = _named(template, "AWS::DynamoDB::Table", "ChatConversations")
    properties = table["Properties"]

    assert properties["SSESpecification"]["SSEType"] == "KMS"
    assert "DataKey" in json.dumps(properties["SSESpecification"]["KMSMasterKeyId"])
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["DeletionProtectionEnabled"] is True
    assert table["DeletionPolicy"] == "Retain"
    assert "GlobalSecondaryIndexes" not in properties


def test_a_test_environment_can_be_thrown_away(template: Template) -> None:
    """The table goes with its stack where that was asked for."""
    _, table = _named(template, "AWS::DynamoDB::Table", "BusyConversations")

    assert table["Properties"]["DeletionProtectionEnabled"] is False
    assert table["DeletionPolicy"] == "Delete"


def test_concurrency_is_capped_where_asked(template: Template) -> None:
    """A reservation is taken from the account, so it is a wish."""
    _, function = _named(template, "AWS::Lambda::Function", "BusyFunction")

    assert function["Properties"]["ReservedConcurrentExecutions"] == 12


class _Asker:
    """Builds requests of the chat's role."""

    def __init__(self, template: Template) -> None:
        self.resolver = Resolver(template=template)
        role, _ = _named(template, "AWS::IAM::Role", "ChatFunctionRole")
        self.policies = policies_of(template, role, self.resolver)
        self.principal = f"arn:aws:sts::{testing.ACCOUNT}:assumed-role/{role}/chat"
        table, _ = _named(template, "AWS::DynamoDB::Table", "ChatConversations")
        self.table = self.resolver.arn(table)
        guardrail, _ = _named(template, "AWS::Bedrock::Guardrail", "Guardrail")
        self.guardrail = self.resolver.arn(guardrail)
        knowledge, _ = _named(template, "AWS::Bedrock::KnowledgeBase", "Knowledge")
        self.knowledge = self.resolver.arn(knowledge)
        self.model = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"

    def may(self, action: str, resource: str, **context: str) -> Request:
        return Request(
            principal=self.principal,
            action=action,
            resource=resource,
            context={key.replace("__", ":"): value for key, value in context.items()},
            identity_policies=self.policies,
            resource_account=testing.ACCOUNT,
        )


def test_the_role_can_do_its_work_and_nothing_else(template: Template) -> None:
    """Evaluated as IAM would: the model with the guardrail, the one knowledge base, the one table."""
    asker = _Asker(template)
    named = {"bedrock__GuardrailIdentifier": f"{asker.guardrail}:1"}
    other = asker.guardrail.rsplit("/", 1)[0] + "/other"
    allowed = [
        asker.may("bedrock:InvokeModel", asker.model, **named),
        asker.may("bedrock:ApplyGuardrail", asker.guardrail),
        asker.may("bedrock:Retrieve", asker.knowledge),
        *(
            asker.may(f"dynamodb:{verb}", asker.table)
            for verb in ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
        ),
    ]
    denied = [
        asker.may("bedrock:InvokeModel", asker.model),
        asker.may("bedrock:InvokeModel", asker.model, bedrock__GuardrailIdentifier=asker.guardrail),
        asker.may("bedrock:InvokeModel", asker.model, bedrock__GuardrailIdentifier=f"{other}:1"),
        asker.may("bedrock:InvokeModel", asker.model.replace("lite", "pro"), **named),
        asker.may("bedrock:ApplyGuardrail", other),
        asker.may("bedrock:Retrieve", asker.knowledge.rsplit("/", 1)[0] + "/OTHERKB123"),
        asker.may("dynamodb:Scan", asker.table),
        asker.may("dynamodb:GetItem", asker.table + "2"),
        asker.may("dynamodb:DeleteTable", asker.table),
        asker.may("bedrock:UpdateGuardrail", asker.guardrail),
        asker.may("cognito-idp:AdminCreateUser", f"arn:aws:cognito-idp:us-east-1:{testing.ACCOUNT}:userpool/x"),
        asker.may("s3:GetObject", "arn:aws:s3:::documents/leave.md"),
    ]

    decisions = evaluate([*allowed, *denied])

    assert [one.request.action for one in decisions[: len(allowed)] if not one.allowed] == []
    assert {one.outcome for one in decisions[len(allowed) :]} == {Outcome.IMPLICITLY_DENIED}


def test_names_what_its_network_must_offer(estate: Estate, template: Template) -> None:
    """The endpoints that the chat names are there; DynamoDB comes over the gateway."""
    services = json.dumps(
        [one["Properties"]["ServiceName"] for one in resources(template, "AWS::EC2::VPCEndpoint").values()]
    )

    for name in ("bedrock-runtime", "bedrock-agent-runtime", "dynamodb"):
        assert name in services


def test_metrics_carry_the_function(bad_estate: Estate) -> None:
    """Two chats in an account are told apart."""
    chat = bad_estate.chat("Metered")

    metric = chat.metric_interventions()

    assert (metric.namespace, metric.metric_name) == (NAMESPACE, "GuardrailInterventions")
    assert list(metric.dimensions or {}) == ["FunctionName"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"max_output_tokens": 0}, "max_output_tokens is 0: give 1 to"),
        ({"max_output_tokens": 10**6}, f"max_output_tokens is 1000000: give 1 to .*the most that {MODEL} writes"),
        ({"budget": TokenBudget(per_user=0)}, "per_user is 0: give at least 1 token, or None for no limit"),
        ({"budget": TokenBudget(per_user=500)}, "budget.per_user 500 leaves no room for one answer"),
        ({"budget": TokenBudget(per_tenant=9)}, "budget.per_tenant is given but retrieval.has_tenants is not"),
        ({"retrieval": Retrieval(passages=0)}, "passages is 0: give 1 to 20"),
        ({"conversation_retention": Duration.hours(36)}, "conversation_retention is 1.5 days: give whole days"),
        ({"conversation_retention": Duration.hours(1)}, "conversation_retention is .* days: give whole days"),
        ({"history_exchanges": 51}, "history_exchanges is 51: give 0 to 50"),
        ({"instructions": "x" * 2001}, "instructions has 2001 characters: give 1 to 2000"),
        ({"instructions": ""}, "instructions has 0 characters: give 1 to 2000"),
        ({"temperature": 1.5}, "temperature is 1.5: give 0 to 1"),
        ({"link_hosts": ["https://x.example"]}, "link_hosts holds 'https://x.example': give the name of a host"),
        ({"link_hosts": ["*.example.com"]}, "link_hosts holds '\\*.example.com'"),
    ],
)
def test_refuses_what_its_parts_do_not_allow(changes: dict[str, Any], fault: str, bad_estate: Estate) -> None:
    """At synth, in the words of the prop."""
    with pytest.raises(ChatServiceError, match=fault):
        bad_estate.chat(f"Chat{abs(hash(fault))}", **changes)


def test_says_all_that_is_wrong_at_once(bad_estate: Estate) -> None:
    """One run tells everything."""
    with pytest.raises(ChatServiceError) as caught:
        bad_estate.chat("All", temperature=2, history_exchanges=-1, retrieval=Retrieval(passages=21))

    assert len(caught.value.faults) == 3


@pytest.fixture(scope="module")
def bad_estate() -> Estate:
    """An estate for chats that are refused."""
    return make_estate()
