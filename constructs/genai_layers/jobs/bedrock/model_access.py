"""Access to the models of other providers: what would be agreed to, and the agreement once somebody means it."""

import re
from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.jobs.bedrock.access_steps import access_steps
from genai_layers.jobs.bedrock.bedrock_job import BedrockJob
from genai_layers.jobs.bedrock.errors import BedrockJobError
from genai_layers.jobs.bedrock.use_case import UseCase

_MODEL = re.compile(r"[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,2}(:[a-z0-9-]{1,63}){0,2}")
_PROFILE = re.compile(r"(apac|au|ca|eu|global|in|jp|us|us-gov)\.")


class ModelAccess(BedrockJob):
    """
    Looks which of some models the account may use, shows the offers for the others, and agrees to them when told to.

    An agreement binds the company, so no schedule and no deploy makes one: an execution started with `{}` only
    tells; it takes `{"accept": true}`, from somebody who may, to agree. `CloudTrail` keeps who that was.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new state machine.
        models: Ids of the models, without a geography.
        key: Key for executions and logs; it needs the uses in `REQUIRED_KEY_USES`.
        use_case: Form for models of Anthropic, sent with the first agreement where none has been sent. Default: none
            is sent.
        log_retention: How long the logs are kept. Default: one year.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept, and agreements always.

    Raises:
        BedrockJobError: No model, one named wrongly, or a form that would be refused; every fault is named.
        RegionError: The region has no Bedrock.

    Example:
        access = ModelAccess(self, "Access", models=["anthropic.claude-haiku-4-5-20251001-v1:0"], key=key.key)
        access.grant_start(operator)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        models: Sequence[str],
        key: kms.IKey,
        use_case: UseCase | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id, key=key, log_retention=log_retention, removal_policy=removal_policy)
        faults = [
            *([] if models else ["models is empty: name the models that are wanted"]),
            *(fault for model in models for fault in _faults(model)),
            *([] if use_case is None else use_case.faults()),
        ]
        if faults:
            raise BedrockJobError(faults)
        self._run(
            access_steps(Construct(self, "Steps"), list(dict.fromkeys(models)), use_case),
            description="asks for access to models on Bedrock",
            timeout=Duration.hours(6),
        )


def _faults(model: str) -> list[str]:
    if _PROFILE.match(model):
        return [f"model {model!r} names an inference profile: name the model behind it, {model.partition('.')[2]!r}"]
    if not _MODEL.fullmatch(model):
        return [f"model {model!r} is no id of a model: write one like 'anthropic.claude-haiku-4-5-20251001-v1:0'"]
    return []
