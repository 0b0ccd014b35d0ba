"""A knowledge base over tables: a model writes the SQL that answers a question."""

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform import knowledge_base_access as access
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.query_engine import QueryEngine
from genai_layers.platform.query_generation import QueryGeneration
from genai_layers.platform.query_tables import CatalogTables, RedshiftTables

_MAX_NAME_CHARACTERS = 100
_SQL_ACTIONS = (
    "sqlworkbench:DeleteSqlGenerationContext",
    "sqlworkbench:GetSqlGenerationContext",
    "sqlworkbench:GetSqlRecommendations",
    "sqlworkbench:PutSqlGenerationContext",
)


class StructuredKnowledgeBase(access.AskedKnowledgeBase, Construct):
    """
    A knowledge base over tables of a warehouse that stands already.

    What a model may ask is what the database user of the warehouse may read: grant it SELECT on what is meant to be
    asked, and nothing else, since the SQL is written by a model that reads what people type. Tables are read in
    place; an `IngestionJob` of `genai_layers.jobs` tells the service once a day what columns there are.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new knowledge base.
        key: Key for what the service keeps of a sync; it needs the uses in `REQUIRED_KEY_USES`.
        engine: The warehouse. Another one replaces the knowledge base.
        data: The tables. Others replace the knowledge base.
        generation: How SQL is written. Default: queries of a minute at most, with what the catalog says of tables.
        description: What it knows; models and people choose by it.

    Attributes:
        cfn_knowledge_base: The knowledge base as CloudFormation knows it.
        role: Role that the service works with.

    Raises:
        KnowledgeBaseError: The service would refuse the settings; every fault is named.
        RegionError: The region lacks knowledge bases or the warehouse.

    Example:
        sales = StructuredKnowledgeBase(self, "Sales", key=key.key, engine=RedshiftServerless(workgroup_arn=arn),
                                        data=RedshiftTables(database="sales"))
        sales.grant_retrieve(analyst)
    """

    REQUIRED_KEY_USES = (KeyUse.KNOWLEDGE_BASE,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        engine: QueryEngine,
        data: RedshiftTables | CatalogTables,
        generation: QueryGeneration | None = None,
        description: str = "Tables that questions are answered from",
    ) -> None:
        super().__init__(scope, id)
        generation = QueryGeneration() if generation is None else generation
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::Bedrock::KnowledgeBase", *engine.features)
        faults = [*engine.faults(), *data.faults(), *generation.faults()]
        if faults:
            raise KnowledgeBaseError(faults)

        self.role = access.service_role(self, "Role", description="asks the tables of a warehouse with SQL")
        key.grant(self.role, "kms:Decrypt", "kms:GenerateDataKey")
        for statement in (*engine.statements(stack, data.databases), *data.statements(stack), *_sql_statements()):
            self.role.add_to_policy(statement)
        for finding, reason in {**data.accepted(self), "AwsSolutions-IAM5[Resource::*]": _REASON}.items():
            acknowledge(self.role, finding, reason=reason)

        immutable = {"queryEngineConfiguration": engine.render(), "storageConfigurations": [data.render()]}
        redshift = {**immutable, "queryGenerationConfiguration": generation.render()}
        self.cfn_knowledge_base = bedrock.CfnKnowledgeBase(
            self,
            "Resource",
            name=replaceable_name(self, immutable, max_length=_MAX_NAME_CHARACTERS),
            description=description,
            role_arn=self.role.role_arn,
            knowledge_base_configuration={
                "type": "SQL",
                "sqlKnowledgeBaseConfiguration": {"type": "REDSHIFT", "redshiftConfiguration": redshift},
            },
        )
        # The service tries the warehouse with the role at once, so its whole policy must stand first.
        self.cfn_knowledge_base.node.add_dependency(self.role)
        self._source = bedrock.CfnDataSource(
            self,
            "Source",
            name=replaceable_name(self, {"type": "REDSHIFT_METADATA"}, max_length=_MAX_NAME_CHARACTERS),
            knowledge_base_id=self.knowledge_base_id,
            data_deletion_policy="RETAIN",
            data_source_configuration={"type": "REDSHIFT_METADATA"},
            server_side_encryption_configuration={"kmsKeyArn": key.key_arn},
        )
        self._source.node.add_dependency(self.role)

    @property
    def data_source_id(self) -> str:
        """Identifier of what a sync reads: the columns of the tables."""
        return self._source.attr_data_source_id

    @property
    def documents(self) -> None:
        """There is no bucket: nothing tells of a changed column, so an `IngestionJob` looks once a day."""
        return None

    def grant_retrieve(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* ask, and be given rows.

        Args:
            grantee: Who may.
        """
        return access.retrieve(self.knowledge_base_arn, grantee).combine(_generate(grantee))

    def grant_retrieve_and_generate(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* ask, and be given an answer in words.

        RetrieveAndGenerate has no resource in IAM, so this half of the grant is for every knowledge base of the
        account. The model that answers is granted by the model.

        Args:
            grantee: Who may.
        """
        return access.retrieve_and_generate(self.knowledge_base_arn, grantee).combine(_generate(grantee))

    def grant_generate_query(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* have SQL written, and run nothing.

        GenerateQuery has no resource in IAM; whoever may call it may do so for every knowledge base of the account
        that the caller knows.

        Args:
            grantee: Who may.
        """
        return _generate(grantee)

    def grant_ingest(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start a sync and watch it.

        Args:
            grantee: Who may.
        """
        return access.ingest(self.knowledge_base_arn, grantee)


_REASON = (
    "GenerateQuery and the actions of SQL Workbench have no resources in IAM, and a statement of the Redshift Data API "
    "is named when it runs; the condition allows those of the role itself."
)


def _generate(grantee: iam.IGrantable) -> iam.Grant:
    if isinstance(grantee, Construct):
        acknowledge(grantee, "AwsSolutions-IAM5[Resource::*]", reason=_REASON)
    return iam.Grant.add_to_principal(
        grantee=grantee, actions=["bedrock:GenerateQuery", "sqlworkbench:GetSqlRecommendations"], resource_arns=["*"]
    )


def _sql_statements() -> list[iam.PolicyStatement]:
    """
    Return what any warehouse needs; none of it has a resource in IAM.

    Amazon Bedrock user guide, "Set up your query engine and permissions for creating a knowledge base with structured
    data store"; compared with the policies of four public projects on 2026-11-25 [B].
    """
    own = {"StringEquals": {"redshift-data:statement-owner-iam-userid": "${aws:userid}"}}
    watched = ["redshift-data:CancelStatement", "redshift-data:DescribeStatement", "redshift-data:GetStatementResult"]
    return [
        # A statement has no resource, but an owner: each sees what it began itself.
        iam.PolicyStatement(actions=watched, resources=["*"], conditions=own),
        # These write SQL and read none: what may be asked is the workgroup, the tables and the database user.
        iam.PolicyStatement(actions=[*_SQL_ACTIONS, "bedrock:GenerateQuery"], resources=["*"]),
    ]
