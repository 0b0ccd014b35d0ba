"""
A hand-off to an inference component, in the local cloud with IAM enforced.

State machines, roles and models are those of a template; a stub stands for the two calls on the component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from stub_endpoint import COMPONENT
from tuned_place import STARTING_MODEL

if TYPE_CHECKING:
    from tuning_cloud import TuningCloud

    from tools.local_cloud.clients import Clients

pytestmark = [pytest.mark.emulator, pytest.mark.synth]


def models(guarded: Clients) -> set[str]:
    """Models that were made for the component."""
    listed = guarded("sagemaker").list_models(NameContains="serve-component-")["Models"]
    return {each["ModelName"] for each in listed}


def promote(tuning: TuningCloud, package: str) -> str:
    """Approve a model, and return what serves it."""
    ended = tuning.run("ComponentPromotion", {"detail": {"ModelPackageArn": package}})
    assert ended["status"] == "SUCCEEDED", (ended.get("error"), ended.get("cause"))
    return str(tuning.served(COMPONENT)["now"])


def test_an_approved_model_comes_in_by_batches_and_the_one_before_comes_back(
    guarded: Clients, tuning: TuningCloud
) -> None:
    """Twice the same changes nothing, room on the machine stays as it was, and what nobody serves goes."""
    tuning.serve(STARTING_MODEL, COMPONENT)
    of_others = models(guarded)
    first, second = (tuning.package() for _ in range(2))

    served = [promote(tuning, package) for package in (first, first, second)]

    assert served[0] == served[1] != served[2]
    assert tuning.served(COMPONENT)["kept"]["ComputeResourceRequirements"]["MinMemoryRequiredInMb"] == 1024
    assert tuning.current("Component") == second
    assert models(guarded) - of_others == {served[2]}
    made = guarded("sagemaker").describe_model(ModelName=served[2])
    assert made["PrimaryContainer"]["ModelPackageName"] == second

    back = tuning.run("ComponentRollback", {})
    assert (back["status"], tuning.current("Component")) == ("SUCCEEDED", first), back
    assert (tuning.served(COMPONENT)["now"], tuning.status(second)) == (served[0], "Rejected")

    base = tuning.run("ComponentRollback", {})
    assert (base["status"], tuning.served(COMPONENT)["now"]) == ("SUCCEEDED", STARTING_MODEL), base


def test_a_batch_that_sets_off_an_alarm_never_becomes_current(guarded: Clients, tuning: TuningCloud) -> None:
    """The component goes back by itself; the model is rejected and removed."""
    tuning.serve(STARTING_MODEL, COMPONENT)
    of_others = models(guarded)
    good, bad = (tuning.package() for _ in range(2))
    before = promote(tuning, good)
    coming = tuning.start("ComponentPromotion", {"detail": {"ModelPackageArn": bad}})
    tuning.wait_for_change(COMPONENT)

    tuning.alarm("ALARM")
    ended = tuning.ended(coming)
    tuning.alarm("OK")

    assert (ended["status"], ended["error"]) == ("FAILED", "DeploymentRolledBack"), ended
    assert (tuning.served(COMPONENT)["now"], tuning.current("Component")) == (before, good)
    assert (tuning.status(good), tuning.status(bad)) == ("Approved", "Rejected")
    assert models(guarded) - of_others == {before}


def test_the_current_model_comes_back_after_a_deploy_put_the_template_s_there(tuning: TuningCloud) -> None:
    """The restoration that the clock starts finds the other one and changes it."""
    tuning.serve(STARTING_MODEL, COMPONENT)
    served = promote(tuning, tuning.package())

    tuning.serve(STARTING_MODEL, COMPONENT)

    assert tuning.run("ComponentRestoration", {})["status"] == "SUCCEEDED"
    assert tuning.served(COMPONENT)["now"] == served
