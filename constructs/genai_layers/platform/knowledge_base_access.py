"""What every kind of knowledge base has: the role that the service works with, and what callers may be granted."""

from aws_cdk import Aws, Stack
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import acknowledge


def service_role(scope: Construct, id: str, *, description: str) -> WorkloadRole:
    """
    Return a role that Amazon Bedrock can take on for a knowledge base of this account, and may do nothing yet.

    Args:
        scope: The knowledge base.
        id: Name within *scope*.
        description: What the role does.
    """
    stack = Stack.of(scope)
    return WorkloadRole(
        scope,
        id,
        assumed_by=iam.ServicePrincipal(
            "bedrock.amazonaws.com",
            # The id is not known before the knowledge base stands, and that needs the role: any of ours.
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                "ArnLike": {
                    "aws:SourceArn": stack.format_arn(service="bedrock", resource="knowledge-base", resource_name="*")
                },
            },
        ),
        description=description,
    )


def retrieve(knowledge_base_arn: str, grantee: iam.IGrantable) -> iam.Grant:
    """
    Let *grantee* retrieve from one knowledge base.

    Args:
        knowledge_base_arn: The knowledge base.
        grantee: Who may.
    """
    return iam.Grant.add_to_principal(grantee=grantee, actions=["bedrock:Retrieve"], resource_arns=[knowledge_base_arn])


def retrieve_and_generate(knowledge_base_arn: str, grantee: iam.IGrantable) -> iam.Grant:
    """
    Let *grantee* have the service retrieve and answer in one call.

    Args:
        knowledge_base_arn: The knowledge base.
        grantee: Who may.
    """
    everywhere = iam.Grant.add_to_principal(
        grantee=grantee, actions=["bedrock:RetrieveAndGenerate"], resource_arns=["*"]
    )
    if isinstance(grantee, Construct):
        acknowledge(
            grantee,
            "AwsSolutions-IAM5[Resource::*]",
            reason="RetrieveAndGenerate has no resource in IAM; what it retrieves is granted by knowledge base.",
        )
    return retrieve(knowledge_base_arn, grantee).combine(everywhere)


def ingest(knowledge_base_arn: str, grantee: iam.IGrantable) -> iam.Grant:
    """
    Let *grantee* start ingestion jobs of one knowledge base and watch them.

    Args:
        knowledge_base_arn: The knowledge base.
        grantee: Who may.
    """
    return iam.Grant.add_to_principal(
        grantee=grantee,
        actions=["bedrock:GetIngestionJob", "bedrock:ListIngestionJobs", "bedrock:StartIngestionJob"],
        resource_arns=[knowledge_base_arn],
    )


class AskedKnowledgeBase:
    """What every kind of knowledge base is named by, and how it is asked for passages."""

    cfn_knowledge_base: bedrock.CfnKnowledgeBase

    @property
    def knowledge_base_id(self) -> str:
        """Identifier for Retrieve."""
        return self.cfn_knowledge_base.attr_knowledge_base_id

    @property
    def knowledge_base_arn(self) -> str:
        """ARN of the knowledge base."""
        return self.cfn_knowledge_base.attr_knowledge_base_arn

    def grant_retrieve(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* retrieve passages.

        Args:
            grantee: Who may.
        """
        return retrieve(self.knowledge_base_arn, grantee)
