"""A guardrail: what goes in and what comes out of a model, judged on every request."""

import hashlib
import json
from collections.abc import Mapping

from aws_cdk import CfnDeletionPolicy, Names, Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.platform.errors import GuardrailError
from genai_layers.platform.guardrail_settings import BlockedMessages, GuardrailPolicies, GuardrailProfile
from genai_layers.platform.imported_guardrail import ImportedGuardrail, grant_apply

METRICS = "AWS/Bedrock/Guardrails"
MAX_DESCRIPTION_CHARACTERS = 200
_MAX_NAME_CHARACTERS = 50


class Guardrail(Construct):
    """
    A guardrail with every kind of policy on, encrypted, and versioned by its content.

    The version that requests name moves when, and only when, what the guardrail stops or says, or where it judges,
    moves. Earlier versions are kept while the stack lives, since callers in other stacks name them until their own
    deploy; the service allows 20 (decision 0020).

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new guardrail.
        key: Key for its definition; it needs `KeyUse.GUARDRAIL`.
        policies: What it looks at. Default: all kinds that need no knowledge of your subject.
        messages: What people read instead of what was stopped.
        profile: Geography in which it may judge. Default: none, it judges in its own region.
        description: What it is for; at most 200 characters.

    Attributes:
        cfn_guardrail: The guardrail as CloudFormation knows it.
        cfn_version: Its version.
        policies: What it looks at.
        revision: Digest of what it judges by, plain text; another whenever `version` will be.

    Raises:
        GuardrailError: The service would refuse the policies; every fault is named.
        RegionError: The region has no guardrails.

    Example:
        guardrail = Guardrail(self, "Guardrail", key=key.key)
        model.grant_invoke(chat, guardrail=guardrail)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        policies: GuardrailPolicies | None = None,
        messages: BlockedMessages | None = None,
        profile: GuardrailProfile | None = None,
        description: str = "What people ask and what the model answers",
    ) -> None:
        super().__init__(scope, id)
        policies = GuardrailPolicies() if policies is None else policies
        messages = BlockedMessages() if messages is None else messages
        stack = Stack.of(self)
        _check(stack.region, policies, messages, profile, description)

        self._key = key
        self._profile = profile
        self.policies = policies
        content = {
            **policies.render(),
            "blocked_input_messaging": messages.input,
            "blocked_outputs_messaging": messages.output,
        }
        self.cfn_guardrail = bedrock.CfnGuardrail(
            self,
            "Resource",
            # Required, and unique in the account: from the path of the construct, which is stable and unique.
            name=Names.unique_resource_name(self, max_length=_MAX_NAME_CHARACTERS, separator="-"),
            description=description,
            kms_key_arn=key.key_arn,
            cross_region_config=None
            if profile is None
            else bedrock.CfnGuardrail.GuardrailCrossRegionConfigProperty(guardrail_profile_arn=profile.arn(stack)),
            **content,  # type: ignore[arg-type]  # plain dictionaries are what the L1 takes
        )
        for name, reason in policies.relaxations().items():
            self.cfn_guardrail.add_metadata(f"genai-layers:off:{name}", reason)

        # A version is a snapshot of the geography too: left out, text would go on being judged in the old one.
        judged = content if profile is None else {**content, "profile": profile.geography}
        self.revision = _digest(stack, judged)
        self.cfn_version = bedrock.CfnGuardrailVersion(
            self,
            "Version",
            guardrail_identifier=self.cfn_guardrail.attr_guardrail_id,
            description=f"content {self.revision}",
        )
        # Replaced versions stay for callers that still name them; the guardrail takes them along when it goes.
        self.cfn_version.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        self.cfn_version.cfn_options.deletion_policy = CfnDeletionPolicy.DELETE

    @staticmethod
    def from_guardrail_arn(guardrail_arn: str, *, version: str, key: kms.IKey | None = None) -> ImportedGuardrail:
        """
        Return a guardrail that was defined elsewhere.

        Args:
            guardrail_arn: ARN without a version.
            version: Numbered version for requests.
            key: Its key, which callers need to decrypt with. Default: it has an AWS-owned key.
        """
        return ImportedGuardrail(guardrail_arn=guardrail_arn, version=version, key=key)

    @property
    def guardrail_id(self) -> str:
        """Identifier for `guardrailConfig`."""
        return self.cfn_guardrail.attr_guardrail_id

    @property
    def guardrail_arn(self) -> str:
        """ARN without a version."""
        return self.cfn_guardrail.attr_guardrail_arn

    @property
    def version(self) -> str:
        """Numbered version for `guardrailConfig`."""
        return self.cfn_version.attr_version

    def grant_apply(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* use the guardrail, in a request to a model or by itself, and decrypt its definition.

        Args:
            grantee: Who may.
        """
        stack = Stack.of(self)
        profiles = (
            () if self._profile is None else tuple(self._profile.arn(stack, region) for region in self._profile.regions)
        )
        return grant_apply(grantee, (self.guardrail_arn, *profiles), self._key)

    def metric(self, name: str, *, statistic: str = "Sum") -> cloudwatch.Metric:
        """
        Return a metric of namespace `AWS/Bedrock/Guardrails` for the current version.

        Args:
            name: Metric, such as `InvocationsIntervened`.
            statistic: Statistic over a period. Default: Sum.
        """
        return cloudwatch.Metric(
            namespace=METRICS,
            metric_name=name,
            statistic=statistic,
            dimensions_map={"GuardrailArn": self.guardrail_arn, "GuardrailVersion": self.version},
        )

    def metric_interventions(self) -> cloudwatch.Metric:
        """Return how many requests the guardrail stopped or masked."""
        return self.metric("InvocationsIntervened")

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many requests the guardrail judged."""
        return self.metric("Invocations")

    def metric_latency(self) -> cloudwatch.Metric:
        """Return how long the guardrail took, in milliseconds, at the 90th percentile."""
        return self.metric("InvocationLatency", statistic="p90")

    def metric_text_units(self) -> cloudwatch.Metric:
        """Return the text units that were judged, which is what the service bills."""
        return self.metric("TextUnitCount")


def _check(
    region: str,
    policies: GuardrailPolicies,
    messages: BlockedMessages,
    profile: GuardrailProfile | None,
    description: str,
) -> None:
    if not Token.is_unresolved(region):
        regions.require(region, "AWS::Bedrock::Guardrail")
    faults = [*policies.faults(), *messages.faults()]
    if profile is None:
        faults += [
            f"{part} needs a cross-region profile: give profile=GuardrailProfile.US or another geography"
            for part in policies.needs_profile()
        ]
    elif not Token.is_unresolved(region) and region not in profile.regions:
        faults.append(
            f"profile {profile.geography!r} does not cover {region}: its regions are {', '.join(profile.regions)}"
        )
    if not 1 <= len(description) <= MAX_DESCRIPTION_CHARACTERS:
        faults.append(f"description has {len(description)} characters, allowed are 1 to {MAX_DESCRIPTION_CHARACTERS}")
    if faults:
        raise GuardrailError(faults)


def _digest(stack: Stack, content: Mapping[str, object]) -> str:
    text = json.dumps(stack.resolve(dict(content)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
