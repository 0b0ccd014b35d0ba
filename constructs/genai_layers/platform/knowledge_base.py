"""A knowledge base: documents that a model can be asked about."""

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform import knowledge_base_access as access
from genai_layers.platform.chunking import Chunking
from genai_layers.platform.data_source import DataSource
from genai_layers.platform.document_bucket import document_bucket
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.foundation_model import foundation_model_arn
from genai_layers.platform.parsing import Parsing
from genai_layers.platform.reranking_model import RerankingModel
from genai_layers.platform.s3_vectors_store import S3VectorsStore
from genai_layers.platform.sources import BucketSource, Source
from genai_layers.platform.vector_store import StorePlace, VectorStore

_MAX_NAME_CHARACTERS = 100


class KnowledgeBase(access.AskedKnowledgeBase, Construct):
    """
    A knowledge base with a document bucket and a store of its own, all under one key.

    Documents are put into `documents`; an `IngestionJob` of `genai_layers.jobs` turns them into passages. The
    embedding model, the store and its settings cannot be changed in place: CloudFormation makes a new knowledge
    base then, under a name that moves along, and the next ingestion fills it from the bucket.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new knowledge base.
        key: Key for documents, vectors and ingestion; it needs the uses in `REQUIRED_KEY_USES`.
        access_logs: Bucket for the access logs of the document bucket.
        embedding: Model that makes the vectors. Default: Titan Text v2 with 1,024 dimensions.
        store: Where the vectors live. Default: S3 Vectors, which costs nothing while idle.
        chunking: How documents are cut. Default: passages of 300 tokens that share a fifth.
        parsing: How documents are read. Default: their text as it is.
        removal_policy: What happens to documents and vectors when the stack goes. Default: they are kept.
        description: What it knows; models and people choose by it.

    Attributes:
        cfn_knowledge_base: The knowledge base as CloudFormation knows it.
        role: Role that the service works with.
        documents: Bucket for the documents, with its events in EventBridge.
        reranking_model: What puts passages into a better order, once `Reranker.serve` has said so.

    Raises:
        KnowledgeBaseError: The service would refuse the settings; every fault is named.
        RegionError: The region lacks knowledge bases or the store.

    Example:
        knowledge = KnowledgeBase(self, "Handbook", key=key.key, access_logs=logs.bucket)
        knowledge.grant_retrieve(chat)
    """

    REQUIRED_KEY_USES = (KeyUse.KNOWLEDGE_BASE, KeyUse.S3_VECTORS)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket | None,
        embedding: EmbeddingModel = EmbeddingModel.TITAN_TEXT_V2,
        store: VectorStore | None = None,
        chunking: Chunking | None = None,
        parsing: Parsing | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        description: str = "Documents that questions are answered from",
    ) -> None:
        super().__init__(scope, id)
        store = S3VectorsStore() if store is None else store
        self._check(store, embedding)
        self._key = key

        self.documents: s3.Bucket = document_bucket(
            self, "Documents", key=key, access_logs=access_logs, removal_policy=removal_policy
        )
        self.role = access.service_role(
            self, "Role", description="reads the documents of a knowledge base and keeps its vectors"
        )
        key.grant(self.role, "kms:Decrypt", "kms:GenerateDataKey")
        self.reranking_model = RerankingModel()
        self.allow_model(embedding.model_id)
        place = StorePlace(key=key, embedding=embedding, role=self.role, removal_policy=removal_policy)
        bound = store.bind(self, place)
        self._bound = bound
        self._allow(bound.statements, bound.accepted)

        vectors = embedding.render(Stack.of(self))
        immutable = {"vectors": vectors, "storage": bound.configuration, "store": bound.fingerprint}
        self.cfn_knowledge_base = bedrock.CfnKnowledgeBase(
            self,
            "Resource",
            name=replaceable_name(self, immutable, max_length=_MAX_NAME_CHARACTERS),
            description=description,
            role_arn=self.role.role_arn,
            knowledge_base_configuration={"type": "VECTOR", "vectorKnowledgeBaseConfiguration": vectors},
            storage_configuration=bound.configuration,
        )
        for name, reason in bound.reasons.items():
            self.cfn_knowledge_base.add_metadata(f"genai-layers:{name}", reason)
        # The service tries the store and the model with the role at once, so its whole policy must stand first.
        self.cfn_knowledge_base.node.add_dependency(self.role, *bound.ready)
        self._source = self.add_source(
            "Source", BucketSource(bucket=self.documents), chunking=chunking, parsing=parsing
        )

    @property
    def data_source_id(self) -> str:
        """Identifier of the source that reads the document bucket."""
        return self._source.data_source_id

    def add_source(
        self, id: str, source: Source, *, chunking: Chunking | None = None, parsing: Parsing | None = None
    ) -> DataSource:
        """
        Read documents from one more place.

        Args:
            id: Name within the knowledge base.
            source: Where the documents are.
            chunking: How documents are cut. Default: passages of 300 tokens that share a fifth.
            parsing: How documents are read. Default: their text as it is.

        Raises:
            KnowledgeBaseError: The service would refuse the source, or the store takes none of its kind.
        """
        stack = Stack.of(self)
        taken = self._bound.source_types
        if taken and source.type not in taken:
            raise KnowledgeBaseError([f"the store takes no source of type {source.type}: choose {', '.join(taken)}"])
        statements = [*source.statements()]
        accepted = dict(source.accepted(self))
        if parsing is not None:
            statements += parsing.statements(stack)
            accepted |= parsing.accepted(stack)
        self._allow(statements, accepted)
        made = DataSource(
            self,
            id,
            knowledge_base_id=self.knowledge_base_id,
            source=source,
            key=self._key,
            chunking=chunking,
            parsing=parsing,
            enrichment=self._bound.enrichment,
        )
        made.node.add_dependency(self.role)
        return made

    def allow_model(self, model_id: str) -> None:
        """
        Let the knowledge base run one more foundation model of its region.

        Args:
            model_id: Id of the model.
        """
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["bedrock:InvokeModel"], resources=[foundation_model_arn(Stack.of(self), model_id)]
            )
        )

    def grant_retrieve_and_generate(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* have the service retrieve and answer in one call.

        RetrieveAndGenerate has no resource in IAM, so this half of the grant is for every knowledge base of
        the account; prefer `grant_retrieve` and Converse. The model that answers is granted by the model.

        Args:
            grantee: Who may.
        """
        return access.retrieve_and_generate(self.knowledge_base_arn, grantee)

    def grant_ingest(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start ingestion jobs and watch them.

        Args:
            grantee: Who may.
        """
        return access.ingest(self.knowledge_base_arn, grantee)

    def metric_store_load(self) -> cloudwatch.Metric:
        """
        Return how much of what the store may use it uses, in percent.

        Raises:
            KnowledgeBaseError: The store has no bound of ours, or tells nothing of it.
        """
        if self._bound.load is None:
            raise KnowledgeBaseError(
                ["the store tells no load: AuroraClusterStore does, the others scale or are given"]
            )
        return self._bound.load

    def _allow(self, statements: Sequence[iam.PolicyStatement], accepted: Mapping[str, str]) -> None:
        for statement in statements:
            self.role.add_to_policy(statement)
        for finding, reason in accepted.items():
            acknowledge(self.role, finding, reason=reason)

    def _check(self, store: VectorStore, embedding: EmbeddingModel) -> None:
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::Bedrock::KnowledgeBase", *store.features)
        faults = store.faults(embedding)
        if faults:
            raise KnowledgeBaseError(faults)
