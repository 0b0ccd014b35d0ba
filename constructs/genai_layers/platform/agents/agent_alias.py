"""The name under which callers reach an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.names import dashed_name

if TYPE_CHECKING:
    from genai_layers.platform.agents.agent import Agent

METRICS = "AWS/Bedrock/Agents"
_MAX_NAME_CHARACTERS = 100


class AgentAlias(Construct):
    """
    An alias that moves when the agent moves, and only then; made by `Agent.add_alias`.

    No call makes a version of an agent. The service makes one when an alias without a version is made or changed,
    and puts the alias on it. So the description of the alias holds a digest of all that the agent is: a changed
    agent changes the description, which moves the alias; an unchanged one leaves both alone (decision 0045).

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new alias.
        agent: The agent.
        version: Version that it stays with. Default: it follows the agent.

    Attributes:
        cfn_alias: The alias as CloudFormation knows it.
        content: Digest of what stands behind it, for whoever must move along.
        version: Version that it stays with; None where it follows the agent.

    Raises:
        AgentError: *version* is no number.
    """

    def __init__(self, scope: Construct, id: str, *, agent: Agent, version: str | None = None) -> None:
        super().__init__(scope, id)
        if version is not None and not version.isdecimal():
            raise AgentError([f"version is {version!r}: give the number of a version, the draft is for tests only"])
        self._agent = agent
        self.version = version
        self.content = agent.content if version is None else f"version {version}"
        self.cfn_alias = bedrock.CfnAgentAlias(
            self,
            "Resource",
            agent_alias_name=dashed_name(self, max_length=_MAX_NAME_CHARACTERS),
            agent_id=agent.agent_id,
            description=f"content {agent.content}" if version is None else f"stays with version {version}",
            routing_configuration=None if version is None else [{"agentVersion": version}],
        )

    @property
    def alias_id(self) -> str:
        """Identifier for InvokeAgent."""
        return self.cfn_alias.attr_agent_alias_id

    @property
    def alias_arn(self) -> str:
        """ARN of the alias."""
        return self.cfn_alias.attr_agent_alias_arn

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* talk to the agent through this alias, and through no other way.

        Args:
            grantee: Who may.
        """
        granted = iam.Grant.add_to_principal(
            grantee=grantee, actions=["bedrock:InvokeAgent"], resource_arns=[self.alias_arn]
        ).combine(self._agent.key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey"))
        if not self._agent.has_memory:
            return granted
        return granted.combine(
            iam.Grant.add_to_principal(
                grantee=grantee,
                actions=["bedrock:DeleteAgentMemory", "bedrock:GetAgentMemory"],
                resource_arns=[self.alias_arn],
            )
        ).combine(
            self._agent.key.grant(
                grantee, "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"
            )
        )

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric of namespace `AWS/Bedrock/Agents` for this alias.

        Args:
            name: Metric, such as `InvocationCount`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace=METRICS,
            metric_name=name,
            statistic=statistic,
            dimensions_map={
                "AgentAliasArn": self.alias_arn,
                "ModelId": self._agent.model.model_id,
                "Operation": "InvokeAgent",
            },
        )

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many questions there were."""
        return self.metric("InvocationCount")

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many questions the service failed to answer."""
        return self.metric("InvocationServerErrors")

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many questions were refused for their rate."""
        return self.metric("InvocationThrottles")

    def metric_latency(self) -> cloudwatch.Metric:
        """Return how long answers took, in milliseconds, at the 90th percentile."""
        return self.metric("TotalTime", statistic="p90")

    def metric_tokens(self) -> tuple[cloudwatch.Metric, cloudwatch.Metric]:
        """Return how many tokens went in and came out, which is what the model bills."""
        return self.metric("InputTokenCount"), self.metric("OutputTokenCount")
