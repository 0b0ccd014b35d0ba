"""Each service can use a key that is for it, in our account, and nobody else can."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.testing import Decision, Request
from tests.unit.foundation.key_calls import CALLS, DEPLOYER, Call

pytestmark = [pytest.mark.synth, pytest.mark.tool]

USES = sorted({call.use for call in CALLS})


class Key:
    """A key for one use, in a template, and the answers of IAM about it."""

    def __init__(self, template: testing.Template, logical_id: str) -> None:
        self.policy = testing.key_policy_of(template, logical_id)
        self.arn = testing.Resolver(template=template).arn(logical_id)

    def request(self, call: Call) -> Request:
        """Return *call* on this key, by a caller whose own policies say nothing."""
        return Request(
            principal=call.principal,
            action=call.action,
            resource=self.arn,
            context=call.context,
            resource_policy=self.policy,
        )


@pytest.fixture(scope="module")
def keys() -> dict[str, Key]:
    """One key for each use."""
    stack = testing.stack()
    made = {
        use: EncryptionKey(stack, use.title().replace("_", ""), description=use, uses=[getattr(KeyUse, use)])
        for use in USES
    }
    ids = {use: stack.get_logical_id(key.key.node.default_child) for use, key in made.items()}
    template = testing.template(stack)
    return {use: Key(template, logical_id) for use, logical_id in ids.items()}


def _decide(keys: Mapping[str, Key], calls: Sequence[Call]) -> list[Decision]:
    return testing.evaluate([keys[call.use].request(call) for call in calls])


def _wrong(calls: Sequence[Call], decisions: Sequence[Decision], *, allowed: bool) -> list[str]:
    return [
        f"{call.use}: {call.action} by {call.principal} with {dict(call.context)}"
        for call, decision in zip(calls, decisions, strict=True)
        if decision.allowed is not allowed
    ]


def test_every_use_is_proved() -> None:
    """A use without a call here would be a grant that nobody has evaluated."""
    every = {name for name, value in vars(KeyUse).items() if isinstance(value, KeyUse)}

    assert every - {"SQS"} == set(USES)
    assert KeyUse.SQS.grants == ()


def test_each_service_can_do_what_it_must(keys: dict[str, Key]) -> None:
    """Every documented call of every service goes through for resources of our account."""
    decisions = _decide(keys, CALLS)

    assert _wrong(CALLS, decisions, allowed=True) == []


def test_resources_and_callers_of_another_account_are_refused(keys: dict[str, Key]) -> None:
    """The same calls for another account are refused: no confused deputy."""
    calls = [call.elsewhere() for call in CALLS]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_another_service_is_refused(keys: dict[str, Key]) -> None:
    """A key for one service is of no use to another one of the same account."""
    calls = [
        replace(call, principal="ec2.amazonaws.com" if ":" not in call.principal else DEPLOYER + "-other")
        for call in CALLS
        if "kms:ViaService" not in call.context
    ]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_a_caller_may_not_bypass_the_service(keys: dict[str, Key]) -> None:
    """What is allowed through a service is not allowed by calling KMS directly, or through another service."""
    via = [call for call in CALLS if "kms:ViaService" in call.context]
    calls = [
        replace(call, context=context)
        for call in via
        for context in (
            {key: value for key, value in call.context.items() if key != "kms:ViaService"},
            {**call.context, "kms:ViaService": "ec2.us-east-1.amazonaws.com"},
        )
    ]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_a_grant_is_only_for_an_aws_resource(keys: dict[str, Key]) -> None:
    """Nobody can use a provisioning grant to hand the key to a principal of their own."""
    calls = [
        replace(call, context={**call.context, "kms:GrantIsForAWSResource": "false"})
        for call in CALLS
        if call.action == "kms:CreateGrant"
    ]

    decisions = _decide(keys, calls)

    assert calls
    assert _wrong(calls, decisions, allowed=False) == []


def test_no_use_lets_a_service_end_or_reshape_the_key(keys: dict[str, Key]) -> None:
    """Whoever uses the key cannot delete it or rewrite its policy."""
    calls = [
        replace(call, action=action, context={})
        for call in CALLS
        for action in ("kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DisableKey")
    ]

    decisions = _decide(keys, calls)

    assert _wrong(calls, decisions, allowed=False) == []


def test_uses_that_share_grants_add_them_once() -> None:
    """Guardrails, agents and knowledge bases need the same of Bedrock; the policy says it once."""
    stack = testing.stack()
    uses = [KeyUse.GUARDRAIL, KeyUse.AGENT, KeyUse.KNOWLEDGE_BASE]
    EncryptionKey(stack, "Key", description="bedrock", uses=uses)

    (key,) = testing.resources(testing.template(stack), "AWS::KMS::Key").values()

    sids = [statement["Sid"] for statement in key["Properties"]["KeyPolicy"]["Statement"] if "Sid" in statement]
    assert sorted(sids) == sorted(set(sids))
