"""Quotas are asked before a deploy, and the message names the quota and where to ask; AWS is played by a stand-in."""

from __future__ import annotations

from pathlib import Path

import pytest
from quota_account import Account, fault
from typer.testing import CliRunner

from genai_layers import preflight as checks
from genai_layers.cli.main import app
from genai_layers.preflight import knowledge_quotas, machine_quotas
from genai_layers.preflight.machine_quotas import ON_DEMAND_CODES, quota_code
from genai_layers.settings import Settings, validate

ENVIRONMENTS = Path(__file__).resolve().parents[3] / "stacks" / "environments"
FLEET = {"enabled": True, "plaintext_reason": "nothing leaves this test, so nothing needs to be encrypted"}
DEPLOYED = {"KnowledgeBaseId": "KB1", "GuardrailId": "gr-1"}


def settings(**fleet: object) -> Settings:
    return validate(
        {"environment": "test", "region": "us-east-1", **({"inference": {**FLEET, **fleet}} if fleet else {})},
        source="the test",
    )


def findings(account: Account, wanted: Settings) -> tuple[list[str], list[str]]:
    """Return what stops a deploy and what does not, of machines."""
    found = machine_quotas(wanted, account)  # type: ignore[arg-type]
    return [str(one) for one in found.blockers], [str(one) for one in found.notices]


def knowledge(account: Account) -> tuple[list[str], list[str]]:
    """Return what stops a deploy and what does not, of knowledge."""
    found = knowledge_quotas(settings(), account)  # type: ignore[arg-type]
    return [str(one) for one in found.blockers], [str(one) for one in found.notices]


@pytest.mark.parametrize(
    ("instance_type", "code"),
    [
        ("g6.xlarge", "L-DB2E81BA"),
        ("g6e.12xlarge", "L-DB2E81BA"),
        ("p5.48xlarge", "L-417A185B"),
        ("inf2.8xlarge", "L-1945791B"),
        ("trn1.32xlarge", "L-2C3B7624"),
        ("m7i.large", None),
    ],
)
def test_a_family_counts_towards_its_own_quota(instance_type: str, code: str | None) -> None:
    """Letters of the family decide, not its generation."""
    assert quota_code(instance_type) == code


def test_a_new_account_that_may_run_no_gpu_is_told_before_the_deploy() -> None:
    """Case 23: code of the quota, machines, and the command that asks for more are in one message."""
    blockers, notices = findings(Account(defaults=dict.fromkeys(ON_DEMAND_CODES.values(), 0.0)), settings(enabled=True))

    (message,) = blockers
    assert notices == []
    assert "1 x g" in message
    assert "the account may run 0 of quota L-DB2E81BA" in message
    assert "--service-code ec2 --quota-code L-DB2E81BA" in message


def test_an_account_with_room_for_every_machine_is_told_nothing() -> None:
    """Silence means go."""
    wanted = settings(instance_types=["g6.xlarge"], max_machines=4)

    assert findings(Account(applied={"L-DB2E81BA": 16}), wanted) == ([], [])


def test_a_fleet_that_cannot_grow_to_its_most_is_a_notice() -> None:
    """The deploy goes through, and scaling out would end at the quota."""
    wanted = settings(instance_types=["g6.2xlarge"], min_machines=1, max_machines=4)

    blockers, (notice,) = findings(Account(applied={"L-DB2E81BA": 16}), wanted)

    assert blockers == []
    assert "4 x g6.2xlarge take 32 vCPUs, and the account may run 16" in notice


def test_families_of_two_quotas_help_each_other_out() -> None:
    """A fleet takes what there is, so it is enough that one family has room."""
    wanted = settings(instance_types=["g6.xlarge", "p5.48xlarge"], min_machines=2, max_machines=2)

    assert findings(Account(applied={"L-DB2E81BA": 8, "L-417A185B": 0}), wanted) == ([], [])


def test_a_fleet_that_starts_with_no_machine_is_not_stopped() -> None:
    """Its first machine would be, so it is told."""
    wanted = settings(instance_types=["g6.xlarge"], min_machines=0, max_machines=1)

    blockers, (notice,) = findings(Account(applied={"L-DB2E81BA": 0}), wanted)

    assert blockers == []
    assert "1 x g6.xlarge take 4 vCPUs" in notice


def test_an_environment_without_machines_asks_nothing() -> None:
    """No permission is needed for what is not used."""
    account = Account()

    assert findings(account, settings()) == ([], [])
    assert account.asked == []


def test_quotas_that_may_not_be_read_are_a_notice_with_the_permission() -> None:
    """Whoever deploys need not be allowed to read quotas."""
    blockers, (notice,) = findings(Account(refusal=fault("AccessDeniedException")), settings(enabled=True))

    assert blockers == []
    assert "allow servicequotas:GetServiceQuota" in notice


def test_an_account_without_room_for_the_first_knowledge_base_is_stopped() -> None:
    """Case 72: how many there are, how many may be, and the code of the quota."""
    (blocker,), notices = knowledge(Account(bedrock={"L-B1": 2}, bases=2))

    assert notices == []
    assert "us-east-1 has 2 knowledge bases, 2 are allowed, and one more is needed" in blocker
    assert "--service-code bedrock --quota-code L-B1" in blocker


def test_an_account_without_room_for_a_replacement_is_told() -> None:
    """Each of the three is full, and the stack that stands can still be deployed as it is."""
    full = Account(bedrock={"L-B1": 2, "L-B2": 5, "L-B3": 20}, bases=2, sources=5, versions=20, outputs=DEPLOYED)

    blockers, notices = knowledge(full)

    assert blockers == []
    assert [notice.split(",")[0] for notice in notices] == [
        "us-east-1 has 2 knowledge bases",
        "knowledge base KB1 has 5 data sources",
        "guardrail gr-1 has 20 versions",
    ]


def test_versions_of_a_guardrail_are_counted_where_no_quota_is_listed() -> None:
    """The service allows twenty, and its draft is none of them."""
    below, at = Account(versions=19, outputs=DEPLOYED), Account(versions=20, outputs=DEPLOYED)

    assert knowledge(below) == ([], [])
    _, (notice,) = knowledge(at)
    assert "has 20 versions, 20 are allowed, and another content needs one more" in notice


def test_an_account_with_room_is_told_nothing_of_knowledge() -> None:
    """Below every limit there is nothing to say."""
    account = Account(bedrock={"L-B1": 100, "L-B2": 5}, bases=3, sources=1, versions=2, outputs=DEPLOYED)

    assert knowledge(account) == ([], [])


def test_bedrock_that_may_not_be_listed_is_a_notice_with_the_permissions() -> None:
    """Nothing is guessed, and nothing is stopped."""
    blockers, notices = knowledge(Account(outputs=DEPLOYED, refusal=fault("AccessDeniedException")))

    assert blockers == []
    assert "allow servicequotas:ListServiceQuotas" in notices[0]
    assert "allow bedrock:ListKnowledgeBases" in notices[1]


def test_the_command_tells_notices_and_stops_at_blockers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2 for what would fail, 0 with a note for what may later."""
    monkeypatch.setattr(checks, "blockers", lambda *_: [])
    runner = CliRunner()
    command = ["preflight", "-e", "dev", "--directory", str(ENVIRONMENTS)]

    outcomes = []
    for kind in ("blockers", "notices"):
        told = checks.QuotaFindings(**{kind: (checks.Blocker("no room", "ask"),)})
        monkeypatch.setattr(checks, "machine_quotas", lambda *_, told=told: told)
        monkeypatch.setattr(checks, "knowledge_quotas", lambda *_: checks.QuotaFindings())
        outcomes.append(runner.invoke(app, command))

    assert [one.exit_code for one in outcomes] == [2, 0]
    assert "- no room: ask" in outcomes[0].output
    assert "note: no room: ask" in outcomes[1].output
