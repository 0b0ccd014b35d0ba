"""The name under which callers reach a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.platform.agents.names import dashed_name
from genai_layers.platform.flows.errors import FlowError

if TYPE_CHECKING:
    from genai_layers.platform.flows.flow import Flow

_MAX_NAME_CHARACTERS = 100
_FIRST = "1"


class FlowAlias(Construct):
    """
    A name for callers; made by `Flow.add_alias` or `Flow.add_gated_alias`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new alias.
        flow: The flow.
        version: Version that it stays with. Default: it follows the flow.
        is_gated: Whether a job moves it, and no deploy. Default: no.

    Attributes:
        cfn_alias: The alias as CloudFormation knows it.
        flow: The flow.
        is_gated: Whether a job moves it.

    Raises:
        FlowError: *version* is no number, or is given for an alias that a job moves.
    """

    def __init__(
        self, scope: Construct, id: str, *, flow: Flow, version: str | None = None, is_gated: bool = False
    ) -> None:
        super().__init__(scope, id)
        faults = []
        if version is not None and not version.isdecimal():
            faults.append(f"version is {version!r}: give the number of a version, the draft is for tests only")
        if version is not None and is_gated:
            faults.append(f"version is {version!r} and the alias is gated: a job moves it, leave version out")
        if faults:
            raise FlowError(faults)
        self.flow, self.is_gated = flow, is_gated
        # CloudFormation writes a routing only when the one in the template changes, and this never does: after the
        # first deploy the alias is where the job has put it.
        chosen = _FIRST if is_gated else version or flow.cfn_version.attr_version
        self.cfn_alias = bedrock.CfnFlowAlias(
            self,
            "Resource",
            name=dashed_name(self, max_length=_MAX_NAME_CHARACTERS),
            flow_arn=flow.flow_arn,
            description=_described(version, is_gated),
            routing_configuration=[{"flowVersion": chosen}],
        )
        self.cfn_alias.node.add_dependency(flow.cfn_version)

    @property
    def alias_id(self) -> str:
        """Identifier for InvokeFlow, as `flowAliasIdentifier`."""
        return self.cfn_alias.attr_id

    @property
    def name(self) -> str:
        """Name of the alias, which every change of it has to repeat."""
        return self.cfn_alias.name

    @property
    def alias_arn(self) -> str:
        """ARN of the alias."""
        return self.cfn_alias.attr_arn

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* run the flow through this alias, and through no other way.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["bedrock:InvokeFlow"], resource_arns=[self.alias_arn]
        ).combine(self.flow.key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey"))


def _described(version: str | None, is_gated: bool) -> str:
    if is_gated:
        return "moved by a job, once a version has passed its test set"
    return "follows the flow" if version is None else f"stays with version {version}"
