"""A flow of Amazon Bedrock: prompts, knowledge, agents and code in an order that was checked beforehand."""

import hashlib
import json
from collections.abc import Sequence

from aws_cdk import Aws, CfnDeletionPolicy, Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse, WorkloadRole
from genai_layers.platform.agents.agent import CONTENT_TAG
from genai_layers.platform.agents.names import dashed_name
from genai_layers.platform.flows.definition import FlowDefinition
from genai_layers.platform.flows.errors import FlowError
from genai_layers.platform.flows.flow_alias import FlowAlias
from genai_layers.platform.flows.node import FlowNode
from genai_layers.platform.interfaces import IModel

_MAX_NAME_CHARACTERS, _MAX_DESCRIPTION = 100, 200


class Flow(Construct):
    """
    A flow under our key, whose version moves when the flow, or what it refers to, moves.

    Callers name an alias: `add_alias` gives one that follows every change, `add_gated_alias` one that only a job moves
    after the new version has passed its test set. Earlier versions are kept while the stack lives, to go back to.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new flow.
        key: Key for what it says and what runs through it; it needs `KeyUse.AGENT`.
        definition: Its nodes and connections.
        description: What it is for; at most 200 characters.

    Attributes:
        cfn_flow: The flow as CloudFormation knows it.
        cfn_version: Its version.
        role: Role that the service works with: what the nodes need, and nothing else.
        content: Digest of everything that it is; the version moves when it moves.
        key: Its key.
        models: Models that its nodes run, each once; they have the metrics, of which a flow has none.
        definition: Its nodes and connections.

    Raises:
        FlowError: The service would refuse it; every fault is named.
        RegionError: The region has no flows.

    Example:
        definition = load_flow("flows/answer.toml", {"answer": AskPrompt(prompt=prompt, guardrail=guardrail)})
        flow = Flow(self, "Answer", key=key.key, definition=definition, description="answers questions")
        flow.add_alias("Live").grant_invoke(chat)
    """

    REQUIRED_KEY_USES = (KeyUse.AGENT,)

    def __init__(
        self, scope: Construct, id: str, *, key: kms.IKey, definition: FlowDefinition, description: str = "A flow"
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::Bedrock::Flow", "AWS::Bedrock::FlowAlias", "AWS::Bedrock::FlowVersion")
        if not 1 <= len(description) <= _MAX_DESCRIPTION:
            raise FlowError([f"description has {len(description)} characters, allowed are 1 to {_MAX_DESCRIPTION}"])
        self.key, self.definition = key, definition
        self.models: Sequence[IModel] = _each_once(definition.nodes)
        self.role = self._role()
        rendered = definition.render()
        said = json.dumps(stack.resolve({"flow": rendered, "behind": definition.revisions}), sort_keys=True)
        self.content = hashlib.sha256(said.encode()).hexdigest()[:32]
        self.cfn_flow = bedrock.CfnFlow(
            self,
            "Resource",
            name=dashed_name(self, max_length=_MAX_NAME_CHARACTERS),
            description=description,
            execution_role_arn=self.role.role_arn,
            customer_encryption_key_arn=key.key_arn,
            definition=rendered,
            # As with an agent: what a reference to another stack stands for moves unseen, and this makes it seen.
            tags={CONTENT_TAG: self.content},
        )
        # The service looks at what the nodes name with the role; its policy must be there.
        self.cfn_flow.node.add_dependency(self.role)
        self.cfn_version = bedrock.CfnFlowVersion(
            self, "Version", flow_arn=self.flow_arn, description=f"content {self.content}"
        )
        # A gated alias still names the one before, and whoever goes back names an older one.
        self.cfn_version.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        self.cfn_version.cfn_options.deletion_policy = CfnDeletionPolicy.DELETE

    @property
    def flow_id(self) -> str:
        """Identifier for InvokeFlow, as `flowIdentifier`."""
        return self.cfn_flow.attr_id

    @property
    def flow_arn(self) -> str:
        """ARN of the flow, without a version."""
        return self.cfn_flow.attr_arn

    @property
    def version(self) -> str:
        """Number of its version."""
        return self.cfn_version.attr_version

    @property
    def input_node(self) -> str:
        """Name of the node that it begins with, for InvokeFlow."""
        return next(node.name for node in self.definition.nodes if node.type == "Input")

    def add_alias(self, id: str, *, version: str | None = None) -> FlowAlias:
        """
        Return a name for callers.

        Args:
            id: Name within the flow.
            version: Version that it stays with, to go back to one. Default: it follows every change of the flow.
        """
        return FlowAlias(self, id, flow=self, version=version)

    def add_gated_alias(self, id: str) -> FlowAlias:
        """
        Return a name for callers that a deploy leaves alone, and `jobs.bedrock`'s `Promotion` moves.

        It begins at the first version, since the service demands one: promote before callers are let in.

        Args:
            id: Name within the flow.
        """
        return FlowAlias(self, id, flow=self, is_gated=True)

    def _role(self) -> WorkloadRole:
        flows = Stack.of(self).format_arn(service="bedrock", resource="flow", resource_name="*")
        role = WorkloadRole(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "bedrock.amazonaws.com",
                # The id is not known before the flow stands, and that needs the role: any flow of ours.
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": flows},
                },
            ),
            description="runs the nodes of a flow",
        )
        self.key.grant(role, "kms:Decrypt", "kms:GenerateDataKey")
        for node in self.definition.nodes:
            for permit in node.permits:
                permit(role)
        return role


def _each_once(nodes: Sequence[FlowNode]) -> list[IModel]:
    found: dict[str, IModel] = {model.model_id: model for node in nodes for model in node.models}
    return list(found.values())
