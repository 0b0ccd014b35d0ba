"""Where the documents of a knowledge base come from, and how they are cut."""

from collections.abc import Mapping

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.platform.chunking import Chunking
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.parsing import Parsing
from genai_layers.platform.sources import Source

_MAX_NAME_CHARACTERS = 100


class DataSource(Construct):
    """
    One source of documents of a knowledge base.

    How documents are cut and read cannot be changed in place: CloudFormation makes a new data source then, and
    its name moves with it. Vectors that are already stored stay when the data source goes
    (`dataDeletionPolicy: RETAIN`): a source whose store goes in the same deploy could never be deleted.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new data source.
        knowledge_base_id: Id of the knowledge base.
        source: Where the documents are.
        key: Key for what the service keeps while it ingests; it needs `KeyUse.KNOWLEDGE_BASE`.
        chunking: How documents are cut. Default: passages of 300 tokens that share a fifth.
        parsing: How documents are read. Default: their text as it is.
        enrichment: What is made of the passages besides vectors, in the words of the service. Default: nothing.

    Attributes:
        cfn_data_source: The data source as CloudFormation knows it.

    Raises:
        KnowledgeBaseError: The service would refuse the settings.
        RegionError: The region has no data sources.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        knowledge_base_id: str,
        source: Source,
        key: kms.IKey,
        chunking: Chunking | None = None,
        parsing: Parsing | None = None,
        enrichment: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(scope, id)
        chunking = Chunking.fixed() if chunking is None else chunking
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::Bedrock::DataSource")
        faults = [*chunking.faults, *source.faults(), *(() if parsing is None else parsing.faults())]
        if faults:
            raise KnowledgeBaseError(faults)

        ingestion: dict[str, object] = {"chunkingConfiguration": chunking.render()}
        if parsing is not None:
            ingestion["parsingConfiguration"] = parsing.render(Stack.of(self))
        name = replaceable_name(self, {"type": source.type, **ingestion}, max_length=_MAX_NAME_CHARACTERS)
        if enrichment is not None:
            ingestion["contextEnrichmentConfiguration"] = dict(enrichment)
        self.cfn_data_source = bedrock.CfnDataSource(
            self,
            "Resource",
            name=name,
            knowledge_base_id=knowledge_base_id,
            data_deletion_policy="RETAIN",
            data_source_configuration={"type": source.type, **source.render()},
            server_side_encryption_configuration={"kmsKeyArn": key.key_arn},
            vector_ingestion_configuration=ingestion,
        )

    @property
    def data_source_id(self) -> str:
        """Identifier for ingestion jobs."""
        return self.cfn_data_source.attr_data_source_id
