"""A private hub holds exactly the models of its list, through changes, rollbacks, replacement and delete."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from genai_layers.runtime.hub_references import handler
from genai_layers.runtime.hub_references.curate import Curated, CurationError, references
from genai_layers.runtime.hub_references.handler import act
from tests.service_model import faults

PUBLIC = "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model"


class MemoryHubs:
    """Hubs in memory, two references a page; every request is checked against the service model."""

    def __init__(self, **hubs: list[str]) -> None:
        self.hubs = hubs
        self.refused: dict[str, str] = {}

    def list_hub_contents(self, **request: Any) -> dict[str, Any]:
        held = self._hub("ListHubContents", request)
        start = int(request.get("NextToken", "0"))
        page = [{"HubContentName": name} for name in held[start : start + 2]]
        more = {"NextToken": str(start + 2)} if len(held) > start + 2 else {}
        return {"HubContentSummaries": page, **more}

    def create_hub_content_reference(self, **request: Any) -> dict[str, Any]:
        held = self._hub("CreateHubContentReference", request)
        assert request["SageMakerPublicHubContentArn"] == f"{PUBLIC}/{request['HubContentName']}"
        self._refuse("CreateHubContentReference", request)
        held.append(request["HubContentName"])
        return {}

    def delete_hub_content_reference(self, **request: Any) -> dict[str, Any]:
        held = self._hub("DeleteHubContentReference", request)
        self._refuse("DeleteHubContentReference", request)
        held.remove(request["HubContentName"])
        return {}

    def _refuse(self, operation: str, request: dict[str, Any]) -> None:
        code = self.refused.get(request["HubContentName"])
        if code is not None:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

    def _hub(self, operation: str, request: dict[str, Any]) -> list[str]:
        assert faults("sagemaker", operation, request) == []
        if request["HubName"] not in self.hubs:
            raise ClientError({"Error": {"Code": "ResourceNotFound", "Message": "no hub"}}, operation)
        return self.hubs[request["HubName"]]


def event(kind: str, *models: str, hub: str = "ours", physical_id: str = "ours") -> dict[str, Any]:
    """Return what CloudFormation asks."""
    return {
        "RequestType": kind,
        "PhysicalResourceId": physical_id,
        "ResourceProperties": {"HubName": hub, "Models": {model: f"{PUBLIC}/{model}" for model in models}},
    }


def test_the_first_deploy_refers_to_every_model_of_the_list() -> None:
    """And says which."""
    hubs = MemoryHubs(ours=[])

    hub, done = act(event("Create", "a", "b", "c"), hubs)

    assert (hub, done) == ("ours", Curated(made=("a", "b", "c"), deleted=()))
    assert hubs.hubs["ours"] == ["a", "b", "c"]


def test_a_moved_list_moves_the_references_and_what_was_made_by_hand_goes() -> None:
    """All pages are looked at; what stays is not touched."""
    hubs = MemoryHubs(ours=["a", "b", "by-hand", "c"])

    _, done = act(event("Update", "b", "c", "d"), hubs)

    assert sorted(hubs.hubs["ours"]) == ["b", "c", "d"]
    assert done == Curated(made=("d",), deleted=("a", "by-hand"))


def test_a_rollback_brings_the_list_of_before_back() -> None:
    """It is an update like any other."""
    hubs = MemoryHubs(ours=["a"])
    act(event("Update", "b"), hubs)

    act(event("Update", "a"), hubs)

    assert hubs.hubs["ours"] == ["a"]


def test_nothing_to_do_is_nothing_done() -> None:
    """A second deploy asks for nothing."""
    hubs = MemoryHubs(ours=["a"])

    _, done = act(event("Update", "a"), hubs)

    assert done == Curated(made=(), deleted=())


def test_a_replaced_hub_is_emptied_and_the_new_one_is_not() -> None:
    """CloudFormation deletes the old id, with the properties of before."""
    hubs = MemoryHubs(old=["a"], new=[])
    hub, _ = act(event("Update", "a", hub="new", physical_id="old"), hubs)

    act(event("Delete", "a", hub="old", physical_id="old"), hubs)

    assert hub == "new"
    assert hubs.hubs == {"old": [], "new": ["a"]}


def test_a_hub_that_is_gone_already_needs_no_emptying() -> None:
    """So a stack can always be deleted."""
    _, done = act(event("Delete", "a", physical_id="gone"), MemoryHubs())

    assert done == Curated(made=(), deleted=())


def test_every_model_is_tried_and_every_refusal_told() -> None:
    """One that is refused does not keep the others out."""
    hubs = MemoryHubs(ours=["x"])
    hubs.refused = {"a": "AccessDenied", "x": "ThrottlingException"}

    with pytest.raises(CurationError, match=r"a could not be referred to.*AccessDenied.*x could not be taken out"):
        act(event("Update", "a", "b"), hubs)

    assert hubs.hubs["ours"] == ["x", "b"]


@pytest.mark.parametrize(
    ("model", "code", "left"), [("a", "ResourceInUse", []), ("x", "ResourceNotFound", ["x", "a"])], ids=["made", "gone"]
)
def test_what_somebody_else_did_in_the_meantime_is_fine(model: str, code: str, left: list[str]) -> None:
    """Made already, or gone already: nothing is told, and the other change is made."""
    hubs = MemoryHubs(ours=["x"])
    hubs.refused = {model: code}

    act(event("Update", "a"), hubs)

    assert hubs.hubs["ours"] == left


@pytest.mark.parametrize(
    ("known", "kept"), [("old", "old"), (None, "new")], ids=["an update keeps its id", "a first deploy has none"]
)
def test_a_failure_keeps_the_id_so_that_nothing_in_use_is_emptied(
    monkeypatch: pytest.MonkeyPatch, known: str | None, kept: str
) -> None:
    """CloudFormation deletes an id that an answer replaces, and a deletion empties the hub."""
    told: list[dict[str, Any]] = []
    hubs = MemoryHubs(new=[])
    hubs.refused = {"a": "AccessDenied"}
    monkeypatch.setattr(handler.clients, "client", lambda name: hubs)
    monkeypatch.setattr(handler, "answer", lambda asked, **outcome: told.append(outcome))

    asked = event("Update" if known else "Create", "a", hub="new", physical_id=known or "unknown")
    handler.handler({name: value for name, value in asked.items() if known or name != "PhysicalResourceId"}, None)

    (outcome,) = told
    assert outcome["physical_id"] == kept
    assert "a could not be referred to" in outcome["fault"]


def test_another_refusal_to_list_is_told() -> None:
    """Not being allowed to look is not an empty hub."""

    class Closed(MemoryHubs):
        def list_hub_contents(self, **request: Any) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListHubContents")

    with pytest.raises(ClientError, match="AccessDenied"):
        references("ours", Closed())
