"""Runs of requests for access: nothing is agreed to that nobody meant."""

from __future__ import annotations

import json

import pytest
from bedrock_stand_in import StandIn
from machine import Machine, StateError

pytestmark = pytest.mark.synth


@pytest.fixture
def cloud():
    """Bedrock, which has not granted the model."""
    return StandIn()


@pytest.fixture
def machine(definition, cloud):
    """The job against the stand-in."""
    return Machine(definition("Access"), cloud)


def failure(machine):
    """Error and cause of an execution that accepts and must fail."""
    with pytest.raises(StateError) as raised:
        machine.run({"accept": True})
    return raised.value


def test_asking_for_access_without_accepting_only_tells(machine, cloud):
    """A schedule may run it: no agreement is made and no form is sent."""
    (told,) = machine.run({})

    assert told["granted"] is False
    assert told["offers"][0]["TermDetails"]["LegalTerm"]["Url"] == "https://example.com/terms"
    assert machine.called("createFoundationModelAgreement") == machine.called("putUseCaseForModelAccess") == []


def test_accepting_sends_the_form_and_agrees(machine, cloud):
    """The form goes first, since models of its provider want it."""
    (told,) = machine.run({"accept": True})

    assert told["granted"] is True
    operations = [name for name, _ in machine.calls]
    assert operations.index("putUseCaseForModelAccess") < operations.index("createFoundationModelAgreement")
    (form,) = machine.called("putUseCaseForModelAccess")
    assert json.loads(form["FormData"])["companyName"] == "Example"


def test_a_form_that_was_sent_is_not_sent_again(machine, cloud):
    """It cannot be taken back, so it is not overwritten either."""
    cloud.has_form = True
    machine.run({"accept": True})

    assert machine.called("putUseCaseForModelAccess") == []


def test_a_granted_model_needs_nothing(machine, cloud):
    """Running it again changes nothing."""
    cloud.granted = True
    (told,) = machine.run({"accept": True})

    assert told["granted"] is True
    assert machine.called("createFoundationModelAgreement") == []


@pytest.mark.parametrize("accept", ["yes", "true", 1, None])
def test_only_a_plain_true_accepts(machine, accept):
    """Nothing that merely looks like consent is taken for it."""
    machine.run({"accept": accept})

    assert machine.called("createFoundationModelAgreement") == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"RegionAvailability": "NOT_AVAILABLE"}, "ModelNotInRegion"),
        ({"AuthorizationStatus": "NOT_AUTHORIZED"}, "ModelNotAuthorized"),
        ({"AgreementAvailability": {"Status": "ERROR", "ErrorMessage": "declined"}}, "AgreementFailed"),
        ({"AgreementAvailability": {"Status": "PENDING"}}, "AgreementTimedOut"),
    ],
)
def test_a_model_that_cannot_be_had_is_named_with_the_reason(machine, cloud, change, error):
    """The cause holds the model and how it stands."""
    standing = cloud.getFoundationModelAvailability
    cloud.getFoundationModelAvailability = lambda arguments: {**standing(arguments), **change}

    raised = failure(machine)

    assert raised.error == error
    assert json.loads(raised.cause)["model"].startswith("anthropic.")


def test_a_model_without_an_offer_says_so(machine, cloud):
    """Some models are sold by private offer alone."""
    cloud.offers = []

    assert failure(machine).error == "ModelHasNoOffer"
