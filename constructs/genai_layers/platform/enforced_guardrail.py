"""A guardrail that the service applies to every invocation of the account, asked for or not."""

import re
from collections.abc import Sequence
from enum import StrEnum

from aws_cdk import Stack, Token
from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.platform.errors import GuardrailError
from genai_layers.platform.guardrail import Guardrail

# CloudFormation schema of 2026-10-20.
_MODEL = re.compile(r"[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}(:[a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12})?")
ALL = "ALL"


class Guarding(StrEnum):
    """Which text is judged."""

    COMPREHENSIVE = "COMPREHENSIVE"
    """All of it, whatever the request marks."""

    SELECTIVE = "SELECTIVE"
    """What the request marks as guarded, and nothing else."""


class EnforcedGuardrail(Construct):
    """
    Puts a guardrail on every invocation of this account in this region.

    IAM conditions bind the roles that carry them; this binds everybody. Make it once for an account and a region.
    Every caller needs `guardrail.grant_apply`: a call that may not apply the guardrail fails.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        guardrail: What is enforced, in its current version; the next deploy after a change enforces the new one.
        only_models: Ids of the models that it is enforced on. Default: all of them.
        except_models: Ids of the models that it is not enforced on; they win over *only_models*. Default: none.
        messages: Which text of users is judged. Default: all of it, so that no caller can leave the marks out.
        system: Which text of system prompts is judged. Default: what is marked; instructions are our own, and they
            name what must not be said.

    Attributes:
        cfn_configuration: The enforcement as CloudFormation knows it.

    Raises:
        GuardrailError: A model id that is none, or a policy that cannot be enforced.
        RegionError: The region has no enforcement.

    Example:
        EnforcedGuardrail(self, "Everywhere", guardrail=guardrail, except_models=["amazon.titan-embed-text-v2:0"])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        guardrail: Guardrail,
        only_models: Sequence[str] = (),
        except_models: Sequence[str] = (),
        messages: Guarding = Guarding.COMPREHENSIVE,
        system: Guarding = Guarding.SELECTIVE,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::Bedrock::EnforcedGuardrailConfiguration")
        faults = _faults(guardrail, (*only_models, *except_models))
        if faults:
            raise GuardrailError(faults)
        chosen = only_models or except_models
        self.cfn_configuration = bedrock.CfnEnforcedGuardrailConfiguration(
            self,
            "Resource",
            guardrail_identifier=guardrail.guardrail_arn,
            guardrail_version=guardrail.version,
            model_enforcement={"includedModels": list(only_models) or [ALL], "excludedModels": list(except_models)}
            if chosen
            else None,
            selective_content_guarding={"messages": messages.value, "system": system.value},
        )


def _faults(guardrail: Guardrail, models: Sequence[str]) -> list[str]:
    faults = [
        f"{model!r} is no model id: write it as in amazon.nova-lite-v1:0, without a geography"
        for model in models
        if not _MODEL.fullmatch(model)
    ]
    if guardrail.policies.automated_reasoning is not None:
        # Amazon Bedrock user guide, "Guardrails enforcements"; read through a third party [C].
        faults.append("a guardrail with automated_reasoning cannot be enforced: use one without for the enforcement")
    return faults
