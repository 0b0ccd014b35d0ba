"""What agents of AgentCore remember."""

from collections.abc import Sequence
from enum import Enum

from aws_cdk import CfnResource, Duration, RemovalPolicy
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.names import kept_name
from genai_layers.platform.agents.service_role import (
    MEMORY_KEY,
    as_written,
    key_as_written,
    key_statements,
    require_region,
    service_role,
)

# AWS::BedrockAgentCore::Memory, EventExpiryDuration; resource schema, read 2026-11-25.
_FEWEST_DAYS, _MOST_DAYS = 3, 365
# What an agent does at every turn; metrics of a memory are counted by operation.
_COUNTED = "CreateEvent"


class Remembered(Enum):
    """What is made of conversations, beyond the conversations themselves."""

    FACTS = "semantic"
    SUMMARIES = "summary"
    PREFERENCES = "preference"


_STRATEGIES = {
    Remembered.FACTS: lambda: agentcore.MemoryStrategy.using_semantic(
        strategy_name="facts",
        namespaces=["/facts/{actorId}"],
        description="What was said, independent of the conversation",
    ),
    Remembered.SUMMARIES: lambda: agentcore.MemoryStrategy.using_summarization(
        strategy_name="summaries",
        namespaces=["/summaries/{actorId}/{sessionId}"],
        description="What each conversation was about",
    ),
    Remembered.PREFERENCES: lambda: agentcore.MemoryStrategy.using_user_preference(
        strategy_name="preferences", namespaces=["/preferences/{actorId}"], description="What each person prefers"
    ),
}


class AgentMemory(Construct):
    """
    A memory of AgentCore under our key, where every record belongs to one person.

    Every namespace holds the id of the person, so that what one person said is never found for another. An agent
    must take that id from the token of its caller, never from the request.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new, empty memory.
        key: Key for all that is remembered. Another key makes a new, empty memory.
        expiry: How long conversations are kept, 3 to 365 days. Default: 90 days.
        remembered: What is made of them. Default: nothing beyond the conversations; each kind runs models, which
            costs money.
        removal_policy: What happens when the stack goes. Default: it is kept.
        description: What is remembered.

    Attributes:
        memory: The memory, as the CDK knows it.
        role: Role that the service reads and writes it with.

    Raises:
        AgentError: The service would refuse the settings; every fault is named.
        RegionError: The region has no memories.

    Example:
        memory = AgentMemory(self, "Memory", key=key.key, remembered=[Remembered.PREFERENCES])
        memory.grant_read_write(runtime)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        expiry: Duration | None = None,
        remembered: Sequence[Remembered] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        description: str = "What agents remember of conversations",
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::BedrockAgentCore::Memory")
        kept = Duration.days(90) if expiry is None else expiry
        days = kept.to_days(integral=False)
        faults = []
        if not _FEWEST_DAYS <= days <= _MOST_DAYS or days != int(days):
            faults.append(f"expiry is {days:g} days: choose {_FEWEST_DAYS} to {_MOST_DAYS} whole days")
        if len(set(remembered)) != len(remembered):
            faults.append(f"remembered {[each.name for each in remembered]} names a kind twice: name each once")
        if faults:
            raise AgentError(faults)

        self._key = key
        name = kept_name(self, {"key": key.key_arn})
        self.role = service_role(self, "memory", name, "keeps what agents remember", key_statements(key, MEMORY_KEY))
        self.memory = agentcore.Memory(
            self,
            "Resource",
            description=description,
            execution_role=as_written(self, self.role),
            expiration_duration=kept,
            kms_key=key_as_written(self, key),
            memory_name=name,
            memory_strategies=[_STRATEGIES[each]() for each in remembered],
        )
        for child in self.memory.node.children:
            if isinstance(child, CfnResource):
                child.apply_removal_policy(removal_policy)

    @property
    def memory_id(self) -> str:
        """Identifier for requests."""
        return self.memory.memory_id

    @property
    def memory_arn(self) -> str:
        """ARN of the memory."""
        return self.memory.memory_arn

    def grant_read_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* add to conversations, read them, and search what was made of them; it may delete nothing.

        Args:
            grantee: Who may, such as a runtime.
        """
        granted = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[
                "bedrock-agentcore:CreateEvent",
                "bedrock-agentcore:GetEvent",
                "bedrock-agentcore:GetMemoryRecord",
                "bedrock-agentcore:ListEvents",
                "bedrock-agentcore:ListMemoryRecords",
                "bedrock-agentcore:RetrieveMemoryRecords",
            ],
            resource_arns=[self.memory_arn],
        )
        return granted.combine(self._key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey"))

    def grant_forget(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* delete what one person said and what was made of it, as that person may ask.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["bedrock-agentcore:DeleteEvent", "bedrock-agentcore:DeleteMemoryRecord"],
            resource_arns=[self.memory_arn],
        )

    def metric_events(self) -> cloudwatch.Metric:
        """Return how many turns of conversations were added."""
        return self.memory.metric_event_creation_count()

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many turns of conversations the service failed."""
        return self.memory.metric_for_api_operation("SystemErrors", _COUNTED, statistic="Sum")

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many turns of conversations were refused for their rate."""
        return self.memory.metric_for_api_operation("Throttles", _COUNTED, statistic="Sum")
