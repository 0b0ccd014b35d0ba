"""Amazon OpenSearch Serverless: hybrid search, private, and down to zero units while idle."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import CfnResource, DefaultStackSynthesizer, Fn, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_opensearchserverless as aoss
from constructs import Construct

from genai_layers.foundation import KeyUse
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.fingerprint import fingerprint, replaceable_name
from genai_layers.platform.opensearch_index import FIELD_MAPPING, MAX_DIMENSIONS
from genai_layers.platform.opensearch_index import mappings as index_mappings
from genai_layers.platform.vector_store import BoundStore, StorePlace

_MAX_NAME_CHARACTERS = 32
_KNOWLEDGE_BASE_ACTIONS = ["aoss:DescribeIndex", "aoss:ReadDocument", "aoss:WriteDocument"]
_DEPLOY_ACTIONS = ["aoss:CreateIndex", "aoss:DeleteIndex", "aoss:DescribeIndex", "aoss:UpdateIndex"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSearchServerlessStore:
    """
    A vector collection of its own, in a next-generation group that scales to zero.

    Only Bedrock and the VPC endpoints that are named reach it. Choose it over S3 Vectors for hybrid search, for
    answers in tens of milliseconds, or for more than a few hundred queries a second.

    Attributes:
        max_search_units: Most capacity for queries, in steps of 0.5, >= 1; a bound on the bill. Default: 4.
        max_indexing_units: Most capacity for ingestion, in steps of 0.5, >= 1. Default: 4.
        vpc_endpoint_ids: OpenSearch Serverless VPC endpoints that may reach it besides. Default: none.
        deploy_role_arn: Role that makes the index, which is whoever runs CloudFormation. Default: the execution
            role of the CDK's bootstrap; without it a deploy fails with a 403.
    """

    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (KeyUse.OPENSEARCH_SERVERLESS,)
    """What the key of the knowledge base needs besides `KnowledgeBase.REQUIRED_KEY_USES`."""

    max_search_units: float = 4
    max_indexing_units: float = 4
    vpc_endpoint_ids: Sequence[str] = ()
    deploy_role_arn: str | None = None

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::OpenSearchServerless::CollectionGroup", "AWS::OpenSearchServerless::Index")

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """
        Return why vectors of *embedding* cannot be kept here.

        Args:
            embedding: Model that makes the vectors.
        """
        faults = [
            f"{name} is {value}, allowed are 1 and more in steps of 0.5"
            for name, value in (
                ("max_search_units", self.max_search_units),
                ("max_indexing_units", self.max_indexing_units),
            )
            if value < 1 or value % 0.5
        ]
        if embedding.dimensions > MAX_DIMENSIONS:
            faults.append(f"{embedding.model_id} has {embedding.dimensions} dimensions, allowed are {MAX_DIMENSIONS}")
        return faults

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Make the collection, its policies and the index under *scope*.

        Args:
            scope: The construct that they belong to.
            place: What the store is made for.
        """
        parts = Construct(scope, "Collection")
        immutable = {"type": "VECTORSEARCH", "key": place.key.key_arn}
        name = replaceable_name(parts, immutable, max_length=_MAX_NAME_CHARACTERS).lower()
        mappings = index_mappings(place.embedding.dimensions)
        index_name = f"passages-{fingerprint(parts, mappings)}"
        policies = self._policies(parts, name, index_name, place)
        group = aoss.CfnCollectionGroup(
            parts,
            "Group",
            name=name,
            generation="NEXTGEN",
            standby_replicas="ENABLED",
            capacity_limits={
                "minIndexingCapacityInOcu": 0,
                "minSearchCapacityInOcu": 0,
                "maxIndexingCapacityInOcu": self.max_indexing_units,
                "maxSearchCapacityInOcu": self.max_search_units,
            },
        )
        kept = place.removal_policy is not RemovalPolicy.DESTROY
        collection = aoss.CfnCollection(
            parts,
            "Resource",
            name=name,
            type="VECTORSEARCH",
            collection_group_name=name,
            standby_replicas="ENABLED",
            deletion_protection="ENABLED" if kept else "DISABLED",
        )
        for needed in (group, *policies):
            collection.add_dependency(needed)
        index = aoss.CfnIndex(
            parts,
            "Index",
            collection_endpoint=collection.attr_collection_endpoint,
            index_name=index_name,
            mappings=mappings,
            settings={"index": {"knn": True}},
        )
        # Together: a collection that outlives its policies can be reached by nobody.
        for resource in (group, *policies, collection, index):
            resource.apply_removal_policy(place.removal_policy)
        return BoundStore(
            configuration={
                "type": "OPENSEARCH_SERVERLESS",
                "opensearchServerlessConfiguration": {
                    "collectionArn": collection.attr_arn,
                    "vectorIndexName": index_name,
                    "fieldMapping": FIELD_MAPPING,
                },
            },
            statements=[iam.PolicyStatement(actions=["aoss:APIAccessAll"], resources=[collection.attr_arn])],
            fingerprint=fingerprint(parts, {**immutable, "index": index_name}),
            ready=[index],
        )

    def _policies(self, scope: Construct, name: str, index_name: str, place: StorePlace) -> list[CfnResource]:
        collection = [f"collection/{name}"]
        index = [f"index/{name}/{index_name}"]
        encryption = aoss.CfnSecurityPolicy(
            scope,
            "Encryption",
            name=name,
            type="encryption",
            policy=_text(
                scope,
                {
                    "Rules": [{"ResourceType": "collection", "Resource": collection}],
                    "AWSOwnedKey": False,
                    "KmsARN": place.key.key_arn,
                },
            ),
        )
        network = {
            "Rules": [{"ResourceType": "collection", "Resource": collection}],
            "AllowFromPublic": False,
            "SourceServices": ["bedrock.amazonaws.com"],
            **({"SourceVPCEs": list(self.vpc_endpoint_ids)} if self.vpc_endpoint_ids else {}),
        }
        data = [
            _rule("knowledge base", index, _KNOWLEDGE_BASE_ACTIONS, place.role.role_arn),
            _rule("deploys", index, _DEPLOY_ACTIONS, self._deploy_role(scope)),
        ]
        return [
            encryption,
            aoss.CfnSecurityPolicy(scope, "Network", name=name, type="network", policy=_text(scope, [network])),
            # Always there, whoever is granted what: an index without it cannot be made.
            aoss.CfnAccessPolicy(scope, "Access", name=name, type="data", policy=_text(scope, data)),
        ]

    def _deploy_role(self, scope: Construct) -> str:
        if self.deploy_role_arn is not None:
            return self.deploy_role_arn
        synthesizer = Stack.of(scope).synthesizer
        if isinstance(synthesizer, DefaultStackSynthesizer):
            return Fn.sub(synthesizer.cloud_formation_execution_role_arn)
        raise KnowledgeBaseError(
            ["the synthesizer of the stack has no execution role: give deploy_role_arn, who makes the index"]
        )


def _rule(description: str, index: list[str], actions: list[str], principal: str) -> dict[str, object]:
    return {
        "Description": description,
        "Rules": [{"ResourceType": "index", "Resource": index, "Permission": actions}],
        "Principal": [principal],
    }


def _text(scope: Construct, policy: object) -> str:
    # Sorted here, so that the same policy is the same text; references stay references.
    stack = Stack.of(scope)
    return stack.to_json_string(json.loads(json.dumps(policy, sort_keys=True)))
