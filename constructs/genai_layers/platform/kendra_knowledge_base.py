"""A knowledge base over an Amazon Kendra GenAI index."""

import re

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.platform import knowledge_base_access as access
from genai_layers.platform.errors import KnowledgeBaseError
from genai_layers.platform.fingerprint import replaceable_name

_MAX_NAME_CHARACTERS = 100
# botocore 1.44.8, CreateKnowledgeBase.
_INDEX = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]{35}(-[a-zA-Z0-9][a-zA-Z0-9-]{35})?")


class KendraKnowledgeBase(access.AskedKnowledgeBase, Construct):
    """
    A knowledge base over an index that stands already; Kendra has the connectors, and reads and finds documents.

    An index is paid by the hour whether anybody asks or not. Only one of the GenAI edition is taken by Bedrock.
    Nothing is ingested here: the data sources and their schedule belong to the index, and so does its key.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new knowledge base.
        index_id: Id of the index. Another one replaces the knowledge base.
        description: What it knows; models and people choose by it.

    Attributes:
        cfn_knowledge_base: The knowledge base as CloudFormation knows it.
        role: Role that the service works with.

    Raises:
        KnowledgeBaseError: *index_id* is no id of an index.
        RegionError: The region lacks knowledge bases or Kendra.

    Example:
        handbook = KendraKnowledgeBase(self, "Handbook", index_id=index.attr_id)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        index_id: str,
        description: str = "Documents of a Kendra index that questions are answered from",
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::Bedrock::KnowledgeBase", "AWS::Kendra::Index")
        if not Token.is_unresolved(index_id) and not _INDEX.fullmatch(index_id):
            raise KnowledgeBaseError([f"index_id {index_id!r} is no id of an index: give its 36 characters, no ARN"])
        arn = stack.format_arn(service="kendra", resource="index", resource_name=index_id)

        self.role = access.service_role(self, "Role", description="finds documents in a Kendra index")
        # Amazon Bedrock user guide, "Permissions to access your Amazon Kendra GenAI index" [C].
        self.role.add_to_policy(
            iam.PolicyStatement(actions=["kendra:DescribeIndex", "kendra:Retrieve"], resources=[arn])
        )
        self.cfn_knowledge_base = bedrock.CfnKnowledgeBase(
            self,
            "Resource",
            name=replaceable_name(self, {"index": index_id}, max_length=_MAX_NAME_CHARACTERS),
            description=description,
            role_arn=self.role.role_arn,
            knowledge_base_configuration={
                "type": "KENDRA",
                "kendraKnowledgeBaseConfiguration": {"kendraIndexArn": arn},
            },
        )
        # The service tries the index with the role at once, so its whole policy must stand first.
        self.cfn_knowledge_base.node.add_dependency(self.role)

    def grant_retrieve_and_generate(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* have the service retrieve and answer in one call, with RetrieveAndGenerate of any knowledge base.

        Args:
            grantee: Who may.
        """
        return access.retrieve_and_generate(self.knowledge_base_arn, grantee)
