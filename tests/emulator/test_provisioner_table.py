"""The table as data: every row is whole, and names calls that the service models have."""

from __future__ import annotations

import botocore.session
import pytest

from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.handlers import made_up_name
from tools.local_cloud.ministack_launcher.row import Call, Row, Supplement
from tools.local_cloud.ministack_launcher.rows import ROWS, SUPPLEMENTS
from tools.local_cloud.ministack_launcher.shapes import fit
from tools.local_cloud.routing import split

SESSION = botocore.session.Session()


def calls(entry: Row | Supplement) -> list[Call]:
    """Every call that an entry makes."""
    if isinstance(entry, Supplement):
        return [*entry.settle, *entry.before_delete]
    return [entry.create, *([entry.update] if entry.update else []), *entry.settle, *entry.delete]


@pytest.mark.parametrize("entry", [*ROWS, *SUPPLEMENTS], ids=lambda entry: entry.type)
def test_every_call_of_an_entry_is_in_the_service_model(entry: Row | Supplement) -> None:
    """A misspelt operation is found here rather than in the middle of a deploy."""
    for call in calls(entry):
        model = SESSION.get_service_model(split(call.service or entry.service)[0])

        assert call.operation in model.operation_names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.type)
def test_every_row_can_be_deleted(row: Row) -> None:
    """A row without a delete call would leave its resource behind."""
    assert row.delete


@pytest.mark.parametrize("row", [row for row in ROWS if row.update], ids=lambda row: row.type)
def test_a_row_that_changes_in_place_says_what_replaces(row: Row) -> None:
    """The name, or what else gives the resource its identity, can never change in place."""
    keeps_identity = row.type in {"AWS::Bedrock::Agent", "AWS::Bedrock::Guardrail", "AWS::Logs::QueryDefinition"}

    assert row.replaces or keeps_identity


def test_no_type_is_in_the_table_twice() -> None:
    """The second row would silently take the place of the first."""
    types = [row.type for row in ROWS]

    assert len(types) == len(set(types))


def shape(service: str, operation: str) -> object:
    """The model of a call's parameters."""
    return SESSION.get_service_model(service).operation_model(operation).input_shape


def test_properties_take_the_names_and_types_of_the_api() -> None:
    """Capitals, words for booleans and numbers as text all become what the call wants."""
    properties = {
        "Name": "n",
        "IsMultiRegionTrail": "true",
        "S3BucketName": "b",
        "TagsList": [{"Key": "k", "Value": 1}],
    }

    fitted = fit(shape("cloudtrail", "CreateTrail"), properties, {})  # type: ignore[arg-type]

    assert fitted["IsMultiRegionTrail"] is True
    assert fitted["TagsList"] == [{"Key": "k", "Value": "1"}]


def test_tags_go_between_the_list_and_the_map() -> None:
    """CloudFormation's list of tags becomes the map that some services take."""
    properties = {"VectorBucketName": "b", "Tags": [{"Key": "layer", "Value": "platform"}]}

    fitted = fit(shape("s3vectors", "CreateVectorBucket"), properties, {})  # type: ignore[arg-type]

    assert fitted["tags"] == {"layer": "platform"}


def test_every_property_that_the_api_lacks_is_named_at_once() -> None:
    """All faults of one resource come together."""
    properties = {"Name": "n", "Colour": "red", "ContentPolicyConfig": {"FiltersConfig": [{"Typ": "HATE"}]}}

    with pytest.raises(ProvisioningError, match=r"Colour, ContentPolicyConfig\.FiltersConfig\.Typ"):
        fit(shape("bedrock", "CreateGuardrail"), properties, {})  # type: ignore[arg-type]


def test_a_made_up_name_fits_and_differs_each_time() -> None:
    """A replacement can stand beside the resource that it replaces, even where the stack's name is long."""
    names = {made_up_name(("GenAi-local-Platform" * 3, "VectorStore"), 63, lowercase=True) for _ in range(3)}

    assert len(names) == 3
    assert all(len(name) <= 63 and name == name.lower() for name in names)
