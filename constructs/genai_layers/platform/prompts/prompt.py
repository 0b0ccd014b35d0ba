"""A prompt that Amazon Bedrock keeps, in versions that callers can name."""

import hashlib
import json

from aws_cdk import CfnDeletionPolicy, Names, Stack, Token
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation import KeyUse
from genai_layers.platform.interfaces import IGuardrail, IModel
from genai_layers.platform.prompts.prompt_file import PromptFile

_MAX_NAME_CHARACTERS = 100
_VARIANT = "reviewed"


class Prompt(Construct):
    """
    A prompt under our key, whose version moves when what it says moves.

    Callers name `version_arn`: the draft changes under them, a version never does. Earlier versions are kept while
    the stack lives, since callers in other stacks name them until their own deploy.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new prompt.
        key: Key for what it says; it needs `KeyUse.AGENT`.
        prompt: What it says.
        model: What it is for; a call takes the model from the prompt.

    Attributes:
        cfn_prompt: The prompt as CloudFormation knows it.
        cfn_version: Its version.
        revision: Plain text that is another whenever the version will be.
        model: What it is for.
        variables: Places in the text that a call fills in.

    Raises:
        RegionError: The region has no prompts.

    Example:
        prompt = Prompt(self, "Answer", key=key.key, prompt=PromptFile.load("prompts/answer.md"), model=model)
        prompt.grant_render(chat)
    """

    REQUIRED_KEY_USES = (KeyUse.AGENT,)

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey, prompt: PromptFile, model: IModel) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        if not Token.is_unresolved(stack.region):
            regions.require(stack.region, "AWS::Bedrock::Prompt", "AWS::Bedrock::PromptVersion")
        self._key = key
        self.model, self.variables = model, prompt.variables
        variants = [_variant(prompt, model)]
        said = json.dumps(stack.resolve(variants), sort_keys=True)
        self.revision = hashlib.sha256(said.encode()).hexdigest()[:32]
        self.cfn_prompt = bedrock.CfnPrompt(
            self,
            "Resource",
            # Required, and unique in the account: from the path of the construct, which is stable and unique.
            name=Names.unique_resource_name(self, max_length=_MAX_NAME_CHARACTERS, separator="-"),
            description=prompt.description,
            customer_encryption_key_arn=key.key_arn,
            default_variant=_VARIANT,
            variants=variants,
        )
        self.cfn_version = bedrock.CfnPromptVersion(
            self, "Version", prompt_arn=self.cfn_prompt.attr_arn, description=f"content {self.revision}"
        )
        # As with a guardrail: replaced versions stay for whoever still names them.
        self.cfn_version.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        self.cfn_version.cfn_options.deletion_policy = CfnDeletionPolicy.DELETE

    @property
    def prompt_arn(self) -> str:
        """ARN of the prompt, without a version."""
        return self.cfn_prompt.attr_arn

    @property
    def version_arn(self) -> str:
        """ARN of its version, which Converse takes as `modelId`."""
        return self.cfn_version.attr_arn

    def grant_render(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* use this version in requests, or read it; the model is granted by the model.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["bedrock:GetPrompt", "bedrock:RenderPrompt"], resource_arns=[self.version_arn]
        ).combine(self._key.grant_decrypt(grantee))

    def grant_ask(self, grantee: iam.IGrantable, guardrail: IGuardrail) -> iam.Grant:
        """
        Let *grantee* have the model answer this version, in requests that name *guardrail* and in no others.

        Args:
            grantee: Who may.
            guardrail: What judges request and answer.
        """
        return self.grant_render(grantee).combine(self.model.grant_invoke(grantee, guardrail))


def _variant(prompt: PromptFile, model: IModel) -> dict[str, object]:
    inference = {
        "maxTokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "topP": prompt.top_p,
    }
    chosen = {name: value for name, value in inference.items() if value is not None}
    variant: dict[str, object] = {
        "name": _VARIANT,
        "modelId": model.model_id,
        "templateType": "TEXT",
        "templateConfiguration": {
            "text": {"text": prompt.text, "inputVariables": [{"name": name} for name in prompt.variables]}
        },
    }
    if chosen:
        variant["inferenceConfiguration"] = {"text": chosen}
    return variant
