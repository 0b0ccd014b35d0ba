"""A managed knowledge base: the service keeps the vectors, chooses the model and cuts the documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform import knowledge_base_access as access
from genai_layers.platform.embedding import EmbeddingModel
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.foundation_model import foundation_model_arn

_MAX_NAME_CHARACTERS = 100
_CONNECTOR = "MANAGED_KNOWLEDGE_BASE_CONNECTOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """
    A data source of a managed knowledge base, as an `IngestionJob` of `genai_layers.jobs` takes it.

    Attributes:
        knowledge_base_id: Identifier of the knowledge base.
        knowledge_base_arn: ARN of the knowledge base.
        data_source_id: Identifier of the data source.
        documents: There is no bucket: nothing tells of changes, so a job looks once a day.
    """

    knowledge_base_id: str
    knowledge_base_arn: str
    data_source_id: str
    documents: None = None


class ManagedKnowledgeBase(access.AskedKnowledgeBase, Construct):
    """
    A knowledge base whose store is the service's own, under your key.

    There is no store to make, size or pay while idle, and none to look into: choose `KnowledgeBase` where the
    vectors must be yours, where tenants are kept apart by the store, or where documents are cut in a way of your own.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new knowledge base.
        key: Key of the store and of what is kept on the way; it needs the uses in `REQUIRED_KEY_USES`.
        embedding: Model that makes the vectors; another one replaces the knowledge base. Default: one that the
            service chooses.
        description: What it knows; models and people choose by it.

    Attributes:
        cfn_knowledge_base: The knowledge base as CloudFormation knows it.
        role: Role that the service works with.

    Raises:
        RegionError: The region lacks knowledge bases.

    Example:
        handbook = ManagedKnowledgeBase(self, "Handbook", key=key.key)
        wiki = handbook.add_connector("Wiki", parameters=parameters, statements=[read_the_wiki_secret])
        IngestionJob(self, "Ingestion", knowledge_base=wiki, key=key.key)
    """

    REQUIRED_KEY_USES = (KeyUse.KNOWLEDGE_BASE,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        embedding: EmbeddingModel | None = None,
        description: str = "Documents that questions are answered from",
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::Bedrock::KnowledgeBase")
        self._key = key
        self.role = access.service_role(self, "Role", description="reads the sources of a managed knowledge base")
        key.grant(self.role, "kms:Decrypt", "kms:GenerateDataKey")
        configuration: dict[str, object] = {
            "embeddingModelType": "MANAGED",
            "serverSideEncryptionConfiguration": {"kmsKeyArn": key.key_arn},
        }
        if embedding is not None:
            model = foundation_model_arn(stack, embedding.model_id)
            self.role.add_to_policy(iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[model]))
            configuration |= {"embeddingModelType": "CUSTOM", **embedding.render(stack)}
        self.cfn_knowledge_base = bedrock.CfnKnowledgeBase(
            self,
            "Resource",
            name=replaceable_name(self, configuration, max_length=_MAX_NAME_CHARACTERS),
            description=description,
            role_arn=self.role.role_arn,
            knowledge_base_configuration={"type": "MANAGED", "managedKnowledgeBaseConfiguration": configuration},
        )
        self.cfn_knowledge_base.node.add_dependency(self.role)

    def add_connector(
        self,
        id: str,
        *,
        parameters: Mapping[str, object],
        statements: Sequence[iam.PolicyStatement] = (),
        accepted: Mapping[str, str] | None = None,
    ) -> Connector:
        """
        Read documents through a connector of the service, and return what an `IngestionJob` ingests.

        Args:
            id: Name within the knowledge base.
            parameters: `connectorParameters` as the page of the connector in the Bedrock user guide says; they are
                passed on unread, so nothing is checked before the deploy.
            statements: What the role must be allowed for it. Default: nothing.
            accepted: Findings that they bring, each with the reason why it is safe. Default: none.

        Raises:
            KnowledgeBaseError: There are no parameters.
        """
        if not parameters:
            raise KnowledgeBaseError(["parameters are empty: give those that the page of the connector names"])
        for statement in statements:
            self.role.add_to_policy(statement)
        for finding, reason in (accepted or {}).items():
            acknowledge(self.role, finding, reason=reason)
        source = bedrock.CfnDataSource(
            self,
            id,
            name=replaceable_name(self, {"id": id, "type": _CONNECTOR}, max_length=_MAX_NAME_CHARACTERS),
            knowledge_base_id=self.knowledge_base_id,
            data_deletion_policy="RETAIN",
            data_source_configuration={
                "type": _CONNECTOR,
                "managedKnowledgeBaseConnectorConfiguration": {"connectorParameters": dict(parameters)},
            },
            server_side_encryption_configuration={"kmsKeyArn": self._key.key_arn},
        )
        source.node.add_dependency(self.role)
        return Connector(
            knowledge_base_id=self.knowledge_base_id,
            knowledge_base_arn=self.knowledge_base_arn,
            data_source_id=source.attr_data_source_id,
        )

    def grant_ingest(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start ingestion jobs and watch them.

        Args:
            grantee: Who may.
        """
        return access.ingest(self.knowledge_base_arn, grantee)
