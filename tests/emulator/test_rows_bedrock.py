"""The table's Bedrock types against the running emulator: made, read back, changed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tools.local_cloud.inventory import everything
from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator

KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555"
ROLE = "arn:aws:iam::000000000000:role/reader"
EMBEDDING = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"


def guardrail(message: str, version: str = "first") -> dict[str, Any]:
    """A guardrail with every kind of policy, and a published version of it."""
    return {
        "Guardrail": {
            "Type": "AWS::Bedrock::Guardrail",
            "Properties": {
                "Name": "rows-guardrail",
                "BlockedInputMessaging": message,
                "BlockedOutputsMessaging": "no",
                "KmsKeyArn": KEY,
                "ContentPolicyConfig": {
                    "FiltersConfig": [{"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"}],
                    "ContentFiltersTierConfig": {"TierName": "STANDARD"},
                },
                "WordPolicyConfig": {"WordsConfig": [{"Text": "avalanche codes"}]},
                "SensitiveInformationPolicyConfig": {"PiiEntitiesConfig": [{"Type": "EMAIL", "Action": "ANONYMIZE"}]},
                "ContextualGroundingPolicyConfig": {"FiltersConfig": [{"Type": "GROUNDING", "Threshold": "0.7"}]},
                "Tags": [{"Key": "layer", "Value": "platform"}],
            },
        },
        "Version": {
            "Type": "AWS::Bedrock::GuardrailVersion",
            "Properties": {
                "GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailArn"]},
                "Description": version,
            },
        },
    }


OUTPUTS = {
    "Id": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]},
    "Version": {"Fn::GetAtt": ["Version", "Version"]},
}


def test_a_guardrail_is_made_with_all_its_policies(stack: HandmadeStack, clients: Clients) -> None:
    """What the service stored is what the template said, under the API's own names."""
    made = stack.deploy(guardrail("stop"), OUTPUTS)

    stored = clients("bedrock").get_guardrail(guardrailIdentifier=made["Id"], guardrailVersion=made["Version"])

    assert stored["blockedInputMessaging"] == "stop"
    assert stored["kmsKeyArn"] == KEY


def test_a_new_version_of_a_guardrail_leaves_the_guardrail_standing(stack: HandmadeStack, clients: Clients) -> None:
    """Replacing the version deletes the old version alone."""
    first = stack.deploy(guardrail("stop"), OUTPUTS)

    second = stack.deploy(guardrail("halt", version="second"), OUTPUTS)

    stored = clients("bedrock").get_guardrail(guardrailIdentifier=first["Id"], guardrailVersion=second["Version"])
    assert (first["Id"], "halt") == (second["Id"], stored["blockedInputMessaging"])
    assert first["Version"] != second["Version"]
    with pytest.raises(ClientError, match="not found"):
        clients("bedrock").get_guardrail(guardrailIdentifier=first["Id"], guardrailVersion=first["Version"])


def test_a_change_that_is_rolled_back_leaves_the_guardrail_as_it_was(stack: HandmadeStack, clients: Clients) -> None:
    """Callers name the version that they had, and it judges by the words that it had."""
    ids = stack.deploy(guardrail("stop"), OUTPUTS)
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Colour": "red"}, "DependsOn": ["Version"]}

    with pytest.raises(StackFailedError):
        stack.deploy({**guardrail("halt", version="second"), "Broken": broken}, OUTPUTS)

    stored = clients("bedrock").get_guardrail(guardrailIdentifier=ids["Id"], guardrailVersion=ids["Version"])
    draft = clients("bedrock").get_guardrail(guardrailIdentifier=ids["Id"])
    assert (stored["blockedInputMessaging"], draft["blockedInputMessaging"]) == ("stop", "stop")


def test_a_deleted_guardrail_is_gone(stack: HandmadeStack, clients: Clients) -> None:
    """Deleting the stack deletes the guardrail with its version."""
    made = stack.deploy(guardrail("stop"), OUTPUTS)

    stack.delete()

    with pytest.raises(ClientError, match="not found"):
        clients("bedrock").get_guardrail(guardrailIdentifier=made["Id"])


def test_a_property_that_the_api_lacks_fails_the_stack(stack: HandmadeStack) -> None:
    """The service model is the judge of every property, so a misspelt one cannot deploy."""
    resources = guardrail("stop")
    resources["Guardrail"]["Properties"]["BlockedInputMessage"] = "stop"

    with pytest.raises(RuntimeError, match="the API has no member for BlockedInputMessage"):
        stack.deploy(resources)


def knowledge_base(description: str) -> dict[str, Any]:
    """A knowledge base on an S3 Vectors index, with a data source."""
    return {
        "Vectors": {"Type": "AWS::S3Vectors::VectorBucket", "Properties": {}},
        "Index": {
            "Type": "AWS::S3Vectors::Index",
            "Properties": {
                "VectorBucketArn": {"Fn::GetAtt": ["Vectors", "VectorBucketArn"]},
                "DataType": "float32",
                "Dimension": 1024,
                "DistanceMetric": "cosine",
                "MetadataConfiguration": {"NonFilterableMetadataKeys": ["AMAZON_BEDROCK_TEXT"]},
            },
        },
        "Base": {
            "Type": "AWS::Bedrock::KnowledgeBase",
            "Properties": {
                "Name": "rows-base",
                "Description": description,
                "RoleArn": ROLE,
                "KnowledgeBaseConfiguration": {
                    "Type": "VECTOR",
                    "VectorKnowledgeBaseConfiguration": {"EmbeddingModelArn": EMBEDDING},
                },
                "StorageConfiguration": {
                    "Type": "S3_VECTORS",
                    "S3VectorsConfiguration": {"IndexArn": {"Fn::GetAtt": ["Index", "IndexArn"]}},
                },
            },
        },
        "Source": {
            "Type": "AWS::Bedrock::DataSource",
            "Properties": {
                "Name": "rows-source",
                "Description": description,
                "KnowledgeBaseId": {"Ref": "Base"},
                "DataDeletionPolicy": "RETAIN",
                "DataSourceConfiguration": {"Type": "S3", "S3Configuration": {"BucketArn": "arn:aws:s3:::rows"}},
            },
        },
    }


BASE_OUTPUTS = {
    "Base": {"Ref": "Base"},
    "Source": {"Fn::GetAtt": ["Source", "DataSourceId"]},
    "Index": {"Fn::GetAtt": ["Index", "IndexArn"]},
}


def test_a_knowledge_base_and_its_source_are_changed_in_place(stack: HandmadeStack, clients: Clients) -> None:
    """A new description keeps the ids and is what the service tells afterwards."""
    first = stack.deploy(knowledge_base("rules"), BASE_OUTPUTS)

    second = stack.deploy(knowledge_base("rules and timetables"), BASE_OUTPUTS)

    agent = clients("bedrock-agent")
    base = agent.get_knowledge_base(knowledgeBaseId=first["Base"])["knowledgeBase"]
    source = agent.get_data_source(knowledgeBaseId=first["Base"], dataSourceId=first["Source"])["dataSource"]
    assert first == second
    assert base["description"] == source["description"] == "rules and timetables"
    assert base["storageConfiguration"]["s3VectorsConfiguration"]["indexArn"] == first["Index"]


def test_a_deleted_knowledge_base_takes_its_vectors_along(stack: HandmadeStack, clients: Clients) -> None:
    """Base, source, index and vector bucket are all gone from both emulators."""
    before = everything(clients)
    stack.deploy(knowledge_base("rules"), BASE_OUTPUTS)
    kinds = {thing.kind for thing in everything(clients) - before}

    stack.delete()

    assert {"knowledge base", "vector bucket"} <= kinds
    assert everything(clients) == before
