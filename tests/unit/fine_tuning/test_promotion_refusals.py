"""What a promotion between accounts refuses, and what it does before the other account stands."""

from __future__ import annotations

import pytest
from sharing_estate import PRODUCTION, READER, production, staging

from genai_layers import testing
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.jobs.promotion import ModelSource, PromotionError, Receiver

pytestmark = pytest.mark.synth


def test_who_is_not_named_exactly_is_refused_with_every_fault() -> None:
    """A wildcard, a role of a third account, and what is no organization."""
    receivers = [
        Receiver(account=PRODUCTION, role_arn=f"arn:aws:iam::{PRODUCTION}:role/*"),
        Receiver(account=PRODUCTION, role_arn="arn:aws:iam::777788889999:role/reader"),
        Receiver(account="prod", role_arn=READER),
    ]
    with pytest.raises(PromotionError) as refused:
        staging(receivers=receivers, organization_id="*")
    assert [
        word
        for word in ("without wildcards", "of account 777788889999", "twelve digits", "o-a1b2c3d4e5")
        if word not in str(refused.value)
    ] == []

    own = ModelSource(account=PRODUCTION, group_name="g", bucket_name="b", key_arn="alias/models")
    with pytest.raises(PromotionError, match=r"is the receiving one.*alias of another account"):
        production(source=own)


def test_both_sides_are_clean_under_every_pack() -> None:
    """Wildcards are acknowledged with a reason beside them."""
    app = testing.app()
    attach_checks(app)
    production(app)

    synthesize(app)


def test_nobody_may_read_before_somebody_is_named() -> None:
    """The first deploy of the giving account, when the other one does not stand yet."""
    template = testing.template(staging(receivers=[]).stack)
    (group,) = testing.resources(template, "AWS::SageMaker::ModelPackageGroup").values()

    assert "ModelPackageGroupPolicy" not in group["Properties"]
    assert "ReadModels" not in str(template)
