"""Amazon Neptune Analytics: passages and what connects them, for questions that span documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_neptunegraph as neptune
from constructs import Construct

from genai_layers.foundation import KeyUse
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.fingerprint import fingerprint
from genai_layers.platform.foundation_model import FoundationModel
from genai_layers.platform.inference_profile import InferenceProfile
from genai_layers.platform.parsing import model_statements
from genai_layers.platform.vector_store import BoundStore, StorePlace

TEXT_FIELD = "AMAZON_BEDROCK_TEXT"
METADATA_FIELD = "AMAZON_BEDROCK_METADATA"

# CloudFormation schema of AWS::NeptuneGraph::Graph, 2026-11-25; Neptune Analytics user guide for the dimensions [C].
MIN_MEMORY_UNITS, MAX_MEMORY_UNITS, MAX_REPLICAS = 16, 24_576, 2
MAX_DIMENSIONS = 65_535
_ACTIONS = (
    "neptune-graph:DeleteDataViaQuery",
    "neptune-graph:GetGraph",
    "neptune-graph:ReadDataViaQuery",
    "neptune-graph:WriteDataViaQuery",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeptuneGraphStore:
    """
    A graph of its own, which a model fills with the entities of the documents and what connects them (GraphRAG).

    A graph has no idle state: its memory is paid by the hour until it goes. Bedrock reaches graphs over their public
    endpoint only, where every request is signed and judged by IAM; nobody but the role of the knowledge base is
    granted anything. It takes documents from buckets alone.

    Attributes:
        graph_builder: Model that finds the entities; every passage is read by it once.
        memory_units: Memory for graph and vectors, 16 to 24,576 m-NCU; the bill follows it. Default: 16.
        replicas: Standbys in other zones, 0 to 2, each as dear as the graph. Default: none.
    """

    REQUIRED_KEY_USES: ClassVar[tuple[KeyUse, ...]] = (KeyUse.NEPTUNE_GRAPH,)
    """What the key of the knowledge base needs besides `KnowledgeBase.REQUIRED_KEY_USES`."""

    graph_builder: FoundationModel | InferenceProfile
    memory_units: int = MIN_MEMORY_UNITS
    replicas: int = 0

    @property
    def features(self) -> Sequence[str]:
        """CloudFormation types that the region must have."""
        return ("AWS::NeptuneGraph::Graph",)

    def faults(self, embedding: EmbeddingModel) -> list[str]:
        """
        Return why vectors of *embedding* cannot be kept here.

        Args:
            embedding: Model that makes the vectors.
        """
        faults = []
        if not MIN_MEMORY_UNITS <= self.memory_units <= MAX_MEMORY_UNITS:
            faults.append(f"memory_units is {self.memory_units}, allowed are {MIN_MEMORY_UNITS} to {MAX_MEMORY_UNITS}")
        if not 0 <= self.replicas <= MAX_REPLICAS:
            faults.append(f"replicas is {self.replicas}, allowed are 0 to {MAX_REPLICAS}")
        if embedding.dimensions > MAX_DIMENSIONS:
            faults.append(f"{embedding.model_id} has {embedding.dimensions} dimensions, allowed are {MAX_DIMENSIONS}")
        return faults

    def bind(self, scope: Construct, place: StorePlace) -> BoundStore:
        """
        Make the graph under *scope*.

        Args:
            scope: The construct that it belongs to.
            place: What the store is made for.
        """
        # Not named, so that CloudFormation can replace it: dimensions, replicas and key are create-only.
        immutable = {
            "vectorSearchDimension": place.embedding.dimensions,
            "replicaCount": self.replicas,
            "key": place.key.key_arn,
        }
        graph = neptune.CfnGraph(
            scope,
            "Graph",
            provisioned_memory=self.memory_units,
            replica_count=self.replicas,
            kms_key_identifier=place.key.key_arn,
            public_connectivity=True,
            deletion_protection=place.removal_policy is not RemovalPolicy.DESTROY,
            vector_search_configuration=neptune.CfnGraph.VectorSearchConfigurationProperty(
                vector_search_dimension=place.embedding.dimensions
            ),
        )
        graph.apply_removal_policy(place.removal_policy)
        return BoundStore(
            configuration={
                "type": "NEPTUNE_ANALYTICS",
                "neptuneAnalyticsConfiguration": {
                    "graphArn": graph.attr_graph_arn,
                    "fieldMapping": {"textField": TEXT_FIELD, "metadataField": METADATA_FIELD},
                },
            },
            statements=[
                iam.PolicyStatement(actions=list(_ACTIONS), resources=[graph.attr_graph_arn]),
                *model_statements(self.graph_builder),
            ],
            accepted={
                "GENAI-BEDROCK-09": "The service finds the entities of documents with the model, in requests of its "
                "own that can name no guardrail; passages are judged when an answer is made of them."
            },
            fingerprint=fingerprint(scope, immutable),
            ready=[graph],
            enrichment={
                "type": "BEDROCK_FOUNDATION_MODEL",
                "bedrockFoundationModelConfiguration": {
                    "modelArn": self.graph_builder.source_arn,
                    "enrichmentStrategyConfiguration": {"method": "CHUNK_ENTITY_EXTRACTION"},
                },
            },
            source_types=("S3",),
        )
