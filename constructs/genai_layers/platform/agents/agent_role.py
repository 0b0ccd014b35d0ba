"""The role of a Bedrock agent: exactly what it was given, and all of it before the agent stands."""

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.foundation import WorkloadRole
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.agents.agent_settings import AgentKnowledge, Collaborator
from genai_layers.platform.interfaces import IGuardrail, IModel
from genai_layers.platform.profile_lookup import allow_profile_lookup


def agent_role(
    scope: Construct,
    *,
    key: kms.IKey,
    model: IModel,
    guardrail: IGuardrail,
    knowledge: Sequence[AgentKnowledge],
    collaborators: Sequence[Collaborator],
) -> WorkloadRole:
    """
    Return the role of an agent.

    Args:
        scope: The construct that it belongs to.
        key: Key of the agent.
        model: What it thinks with.
        guardrail: What judges its questions and answers.
        knowledge: Knowledge bases that it may ask.
        collaborators: Agents that it may ask.
    """
    stack = Stack.of(scope)
    role = WorkloadRole(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal(
            "bedrock.amazonaws.com",
            # The id is not known before the agent stands, and that needs the role: any agent of ours.
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                "ArnLike": {"aws:SourceArn": stack.format_arn(service="bedrock", resource="agent", resource_name="*")},
            },
        ),
        description="thinks, asks and acts for an agent",
    )
    model.grant_invoke(role)
    # The service looks up where the profile leads before it asks the model.
    allow_profile_lookup(role, model)
    acknowledge(
        role,
        "GENAI-BEDROCK-09",
        reason="The service judges what people ask and what the agent answers with the guardrail of the agent, and "
        "makes the requests between in its own name without one; a condition would refuse those.",
    )
    guardrail.grant_apply(role)
    key.grant(role, "kms:Decrypt", "kms:GenerateDataKey")
    for one in knowledge:
        one.knowledge_base.grant_retrieve(role)
    for other in collaborators:
        iam.Grant.add_to_principal(
            grantee=role,
            actions=["bedrock:GetAgentAlias", "bedrock:InvokeAgent"],
            resource_arns=[other.alias.alias_arn],
        )
    return role


def allow_memory(scope: Construct, key: kms.IKey) -> None:
    """
    Let Bedrock keep memories under *key*; an imported key must allow it already.

    Args:
        scope: Any construct of the stack of the agent.
        key: Key of the agent.
    """
    aliases = Stack.of(scope).format_arn(service="bedrock", resource="agent-alias", resource_name="*")
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="BedrockAgentMemory",
            principals=[iam.ServicePrincipal("bedrock.amazonaws.com")],
            actions=["kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            resources=["*"],
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                "ArnLike": {"aws:SourceArn": aliases},
            },
        )
    )
