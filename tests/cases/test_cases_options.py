"""Options: every branch that a settings file can take is deployable, not only the ones that our files take."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from genai_layers import testing
from genai_layers.settings import load
from stacks import checks
from stacks.build import build
from tests.synthesized import ROOT

pytestmark = pytest.mark.synth

OPTIONS: dict[str, Mapping[str, object]] = {
    "alarms by mail": {"operations.alarm_email": "alarms@example.com"},
    "zones by id and addresses to the internet": {
        "network.zone_ids": '["use1-az1", "use1-az4"]',
        "network.nat_gateways": "2",
    },
    "users of another account": {"security.trusted_accounts": '["444455556666"]'},
    "no machines": {"inference.enabled": "false"},
    "machines for later": {"inference.min_machines": "0"},
    "machines while somebody asks": {"inference.sleep.idle_minutes": "30"},
    "machines in office hours": {
        "inference.sleep.opens": "07:30",
        "inference.sleep.closes": "19:00",
        "inference.sleep.time_zone": "Europe/Berlin",
        "inference.sleep.idle_minutes": "45",
    },
    "another machine and a longer context": {
        "inference.instance_types": '["g6e.xlarge"]',
        "inference.max_model_len": "32768",
    },
    "a profile over several regions": {"platform.model": "us.amazon.nova-lite-v1:0"},
    "shorter vectors": {"platform.embedding_dimensions": "256"},
    "denied subjects and words": {
        "platform.guardrail.denied_topics": '[{name = "Law", definition = "What the law allows."}]',
        "platform.guardrail.denied_words": '["skeleton key"]',
    },
    "pages of others may call": {"application.allowed_origins": '["https://intranet.example.com"]'},
    "sign-in without proof, threats left alone": {
        "application.password_sign_in_reason": "an old client of ours cannot prove a password yet",
        "application.threat_protection_off_reason": "the pool holds ten test users and no person",
    },
    "a page under its own name": {
        "application.web_page.enabled": "true",
        "application.web_page.domain_name": "chat.example.com",
        "application.web_page.certificate_arn": (
            "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
        ),
        "application.web_page.web_acl_arn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chat/11111111",
    },
    "data that is kept": {"removal": "retain"},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_case_21_every_option_passes_every_check_on_its_own(option: str) -> None:
    """A permission or a property that only one branch needs is missed where only the usual branch is tried."""
    app = testing.app()
    settings = load("staging", ROOT / "stacks" / "environments", OPTIONS[option])

    build(app, settings)
    assembly = checks.synthesize(app, settings)

    assert len(assembly.stacks) == (6 if settings.inference.enabled else 5)
