"""An Amazon OpenSearch Service domain that stands already: hybrid search beside what it holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct, IDependable

from genai_layers.foundation import wildcard_resource
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.opensearch_index import FIELD_MAPPING, MAX_DIMENSIONS, mappings
from genai_layers.platform.vector_store import BoundStore, StorePlace

# Amazon Bedrock user guide, "Prerequisites for using a vector store": float vectors need this engine, and the domain
# a public endpoint; both as a second reader of that page has them, 2026-11-25 [B].
_OLDEST_ENGINE = (2, 13)
_INDEX_NAME = re.compile(r"(?![-_+.])[a-z0-9][a-z0-9\-_.]{0,254}")
_HTTP_ACTIONS = ("es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSearchDomainStore:
    """
    An index in a domain that stands already.

    Bedrock reaches domains over their public endpoint only: one in a VPC is refused here, and fine-grained access
    control with IAM is what keeps everybody else out. Neither index nor role mapping can be made by CloudFormation,
    so whoever owns the domain puts `index_body` under the name of the index, and `role_body` into a role that is
    mapped to `KnowledgeBase.role`, before the knowledge base is deployed.

    Attributes:
        domain: The domain. One that is defined in the same app has its settings checked.
        index: Name of the index. Another index, or other vectors in it, replace the knowledge base.
        ready: What makes the index, when that is part of the same app. Default: it is there already.
    """

    domain: opensearch.IDomain
    index: str
    ready: Sequence[IDependable] = ()

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::OpenSearchService::Domain",)

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """
        Return why vectors of *embedding* cannot be kept here.

        Args:
            embedding: Model that makes the vectors.
        """
        faults = []
        if not _INDEX_NAME.fullmatch(self.index):
            faults.append(
                f"index {self.index!r} is no name of an index: lower case letters, digits, dashes, dots, underscores"
            )
        if embedding.dimensions > MAX_DIMENSIONS:
            faults.append(f"{embedding.model_id} has {embedding.dimensions} dimensions, allowed are {MAX_DIMENSIONS}")
        endpoint = self.domain.domain_endpoint
        if not Token.is_unresolved(endpoint) and re.match(r"(https://)?vpc-", endpoint):
            faults.append(
                f"domain endpoint {endpoint!r} is in a VPC, where Bedrock reaches no domain: choose a domain with a "
                "public endpoint and fine-grained access control, or OpenSearchServerlessStore, which is private"
            )
        made = self.domain.node.default_child
        if isinstance(made, opensearch.CfnDomain):
            faults += _posture(made)
        return faults

    def index_body(self, embedding: EmbeddingModel) -> dict[str, object]:
        """
        Return what the index must be made with.

        Args:
            embedding: Model that makes the vectors.
        """
        return {"settings": {"index": {"knn": True}}, "mappings": mappings(embedding.dimensions, "space_type")}

    def role_body(self) -> dict[str, object]:
        """
        Return the OpenSearch role that the role of the knowledge base must be mapped to.

        Amazon Bedrock user guide, "Configuring OpenSearch permissions with fine-grained access control" [C].
        """
        return {
            "cluster_permissions": ["indices:data/read/msearch", "indices:data/read/mget*", "indices:data/write/bulk*"],
            "index_permissions": [
                {
                    "index_patterns": [self.index],
                    "allowed_actions": [
                        "indices:admin/get",
                        "indices:admin/mapping/put",
                        "indices:data/read/mget*",
                        "indices:data/read/msearch",
                        "indices:data/read/search",
                        "indices:data/write/bulk*",
                        "indices:data/write/delete",
                        "indices:data/write/delete/byquery",
                        "indices:data/write/index",
                        "indices:data/write/update",
                    ],
                }
            ],
        }

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Let the knowledge base use the index.

        Args:
            scope: The construct that it belongs to.
            place: What the store is for.
        """
        endpoint = self.domain.domain_endpoint
        if Token.is_unresolved(endpoint) or not endpoint.startswith("https://"):
            endpoint = f"https://{endpoint}"
        configuration = {
            "domainArn": self.domain.domain_arn,
            "domainEndpoint": endpoint,
            "vectorIndexName": self.index,
            "fieldMapping": FIELD_MAPPING,
        }
        paths = [f"{self.domain.domain_arn}/{self.index}", f"{self.domain.domain_arn}/{self.index}/*"]
        reason = "The paths below one index are its operations; the role of OpenSearch says which of them."
        return BoundStore(
            configuration={
                "type": "OPENSEARCH_MANAGED_CLUSTER",
                "opensearchManagedClusterConfiguration": configuration,
            },
            statements=[
                iam.PolicyStatement(actions=["es:DescribeDomain", "es:ESHttpGet"], resources=[self.domain.domain_arn]),
                iam.PolicyStatement(actions=list(_HTTP_ACTIONS), resources=paths),
            ],
            accepted={wildcard_resource(scope, paths[1]): reason},
            fingerprint=fingerprint(scope, {**configuration, "index": self.index_body(place.embedding)}),
            ready=self.ready,
        )


def _posture(domain: opensearch.CfnDomain) -> list[str]:
    faults = []
    if domain.vpc_options is not None:
        faults.append("the domain is in a VPC, where Bedrock reaches no domain: leave vpc out")
    wanted: tuple[tuple[str, Any, str, str], ...] = (
        ("fine-grained access control", domain.advanced_security_options, "enabled", "fine_grained_access_control"),
        ("encryption at rest", domain.encryption_at_rest_options, "enabled", "encryption_at_rest"),
        ("encryption between nodes", domain.node_to_node_encryption_options, "enabled", "node_to_node_encryption"),
        ("https alone", domain.domain_endpoint_options, "enforce_https", "enforce_https"),
    )
    faults += [
        f"the domain is without {what}, and its endpoint is public: set {prop}"
        for what, options, name, prop in wanted
        if getattr(options, name, None) is not True
    ]
    if getattr(domain.encryption_at_rest_options, "kms_key_id", None) is None:
        faults.append("the domain is encrypted with a key of AWS: give encryption_at_rest a kms_key")
    version = re.fullmatch(r"OpenSearch_(\d+)\.(\d+)", domain.engine_version or "")
    if version is None or (int(version[1]), int(version[2])) < _OLDEST_ENGINE:
        faults.append(f"the engine is {domain.engine_version!r}, Bedrock needs OpenSearch_2.13 or later")
    return faults
