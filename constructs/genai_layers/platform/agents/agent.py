"""An agent of Amazon Bedrock: a model that may take the actions it was given."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.platform.agents.action_group import ActionGroup
from genai_layers.platform.agents.agent_alias import AgentAlias
from genai_layers.platform.agents.agent_content import agent_content
from genai_layers.platform.agents.agent_faults import agent_faults
from genai_layers.platform.agents.agent_role import agent_role, allow_memory
from genai_layers.platform.agents.agent_settings import AgentKnowledge, Collaboration, Collaborator, SessionMemory
from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.names import dashed_name
from genai_layers.platform.interfaces import IGuardrail, IModel

CONTENT_TAG = "genai-layers:content"
"""Tag of an agent that holds the digest of what it is."""

_MAX_NAME_CHARACTERS = 100


class Agent(Construct):
    """
    An agent with a guardrail, under our key, that may do what is listed and asks before it changes anything.

    Callers name an alias, never the agent itself: `add_alias` gives one that follows every change of the agent.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new agent.
        key: Key for its instruction and its sessions; it needs `KeyUse.AGENT`.
        model: What it thinks with.
        guardrail: What judges every question and every answer.
        instruction: What it is for and how it behaves; at least 40 characters.
        action_groups: What it may do. Default: nothing.
        knowledge: Knowledge bases that it may ask. Default: none.
        memory: What it remembers of earlier sessions. Default: nothing.
        collaborators: Agents that it may ask. Default: none.
        collaboration: What it does with them. Default: it plans and asks.
        may_ask: Whether it may ask back when a value for an action is missing. Default: yes.
        idle_timeout: How long a session waits for its next question, 1 to 90 minutes. Default: 10 minutes.
        description: What it is for; at most 200 characters.

    Attributes:
        cfn_agent: The agent as CloudFormation knows it.
        role: Role that the service works with.
        content: Digest of everything that it is; aliases move when it moves.

    Raises:
        AgentError: The service would refuse the agent; every fault is named.
        RegionError: The region has no agents.

    Example:
        agent = Agent(self, "Clerk", key=key.key, model=model, guardrail=guardrail, instruction=text,
                      action_groups=[ActionGroup(name="orders", tools=tools, function=orders.function)])
        agent.add_alias("Live").grant_invoke(chat)
    """

    REQUIRED_KEY_USES = (KeyUse.AGENT,)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        model: IModel,
        guardrail: IGuardrail,
        instruction: str,
        action_groups: Sequence[ActionGroup] = (),
        knowledge: Sequence[AgentKnowledge] = (),
        memory: SessionMemory | None = None,
        collaborators: Sequence[Collaborator] = (),
        collaboration: Collaboration = Collaboration.SUPERVISOR,
        may_ask: bool = True,
        idle_timeout: Duration | None = None,
        description: str = "An agent",
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::Bedrock::Agent", "AWS::Bedrock::AgentAlias")
        idle = Duration.minutes(10) if idle_timeout is None else idle_timeout
        parts = (*action_groups, *knowledge, *collaborators, *(() if memory is None else (memory,)))
        faults = agent_faults(instruction, description, idle, action_groups, collaborators)
        faults += [fault for part in parts for fault in part.faults()]
        if faults:
            raise AgentError(faults)

        self.key, self.has_memory, self.model = key, memory is not None, model
        self.role = agent_role(
            self, key=key, model=model, guardrail=guardrail, knowledge=knowledge, collaborators=collaborators
        )
        if memory is not None:
            allow_memory(self, key)
        groups = [group.render() for group in action_groups]
        if may_ask and action_groups:
            groups.append(
                {
                    "actionGroupName": "ask",
                    "actionGroupState": "ENABLED",
                    "parentActionGroupSignature": "AMAZON.UserInput",
                }
            )
        settings: dict[str, object] = {
            "foundation_model": model.model_id,
            "instruction": instruction,
            "description": description,
            "action_groups": groups or None,
            "knowledge_bases": [one.render() for one in knowledge] or None,
            "memory_configuration": None if memory is None else memory.render(),
            "agent_collaboration": collaboration.value if collaborators else "DISABLED",
            "agent_collaborators": [other.render() for other in collaborators] or None,
            "idle_session_ttl_in_seconds": idle.to_seconds(),
            "guardrail_configuration": {
                "guardrailIdentifier": guardrail.guardrail_id,
                "guardrailVersion": guardrail.version,
            },
        }
        self.content = agent_content(self, settings, guardrail, knowledge, collaborators)
        self.cfn_agent = bedrock.CfnAgent(
            self,
            "Resource",
            agent_name=dashed_name(self, max_length=_MAX_NAME_CHARACTERS),
            agent_resource_role_arn=self.role.role_arn,
            # An alias takes the agent as it was last prepared; without this, that is the one before.
            auto_prepare=True,
            customer_encryption_key_arn=key.key_arn,
            # A reference to a guardrail of another stack reads the same after its version has moved, and nothing
            # would be deployed; with this, the agent moves before its alias takes it.
            tags={CONTENT_TAG: self.content},
            **settings,  # type: ignore[arg-type]  # plain dictionaries are what the L1 takes
        )
        # The service tries the role at once; with its policy still to come, it is refused most of the time.
        self.cfn_agent.node.add_dependency(self.role)
        self._invokers = [
            self._let_invoke(group.name, group.function) for group in action_groups if group.function is not None
        ]
        for group in action_groups:
            for tool in group.tools:
                if tool.unconfirmed_reason is not None:
                    self.cfn_agent.add_metadata(f"genai-layers:unconfirmed:{tool.name}", tool.unconfirmed_reason)

    @property
    def agent_id(self) -> str:
        """Identifier of the agent."""
        return self.cfn_agent.attr_agent_id

    @property
    def agent_arn(self) -> str:
        """ARN of the agent."""
        return self.cfn_agent.attr_agent_arn

    def add_alias(self, id: str, *, version: str | None = None) -> AgentAlias:
        """
        Return a name for callers.

        Args:
            id: Name within the agent.
            version: Version that it stays with, to go back to one. Default: it follows every change of the agent.
        """
        alias = AgentAlias(self, id, agent=self, version=version)
        alias.node.add_dependency(*self._invokers)
        return alias

    def _let_invoke(self, name: str, function: lambda_.IFunction) -> lambda_.CfnPermission:
        return lambda_.CfnPermission(
            self,
            f"May{name}",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="bedrock.amazonaws.com",
            source_account=Stack.of(self).account,
            source_arn=self.agent_arn,
        )
