"""One question that a new model must answer before anybody is sent to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import Duration, Stack
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.bedrock.job_kind import own
from genai_layers.jobs.bedrock.sdk_call import sdk_call

FAILED = "SmokeTestFailed"
"""Error of an execution whose model gave no answer, or not the one that was expected."""

# ASL reads an asterisk in a pattern as anything, and a backslash as an escape.
_PATTERN = "*\\"

_BETWEEN = Duration.seconds(15)


def _question() -> Mapping[str, object]:
    return {"prompt": "What is the capital of France? Answer with one word.", "max_tokens": 16, "temperature": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeTest:
    """
    A request to the new model.

    Attributes:
        body: Body of InvokeModel, in the words of the model's architecture. Default: a completion of 16 tokens.
        expect: Text that the body of the answer must hold. Default: any answer will do.
        model_loads_within: How long to wait until the model is loaded. Default: 20 minutes.
    """

    body: Mapping[str, object] = field(default_factory=_question)
    expect: str | None = None
    model_loads_within: Duration = field(default_factory=lambda: Duration.minutes(20))

    def faults(self) -> list[str]:
        """Return why it could not be asked."""
        faults = []
        if not self.body:
            faults.append("smoke_test.body is empty: give the request that the model understands")
        if self.expect is not None and (not self.expect or any(sign in self.expect for sign in _PATTERN)):
            faults.append(f"smoke_test.expect is {self.expect!r}: give some text without asterisks and backslashes")
        if not 1 <= self.model_loads_within.to_minutes() <= 120:
            faults.append(
                f"smoke_test.model_loads_within is {self.model_loads_within.to_minutes():g} minutes, "
                "allowed are 1 to 120"
            )
        return faults

    def steps(
        self, scope: Construct, model_arn: str, following: sfn.IChainable, kind: str = "imported-model"
    ) -> sfn.IChainable:
        """
        Return the step that asks; *following* comes after a good answer.

        Args:
            scope: The construct that the steps belong to.
            model_arn: Path of the model's ARN in the state.
            following: What comes after a good answer.
            kind: Kind in the ARN of the model. Default: an imported one.
        """
        ask = sdk_call(
            scope,
            "Smoke test",
            service="bedrockruntime",
            operation="InvokeModel",
            resources=[own(Stack.of(scope), kind)],
            parameters={
                "ModelId": sfn.JsonPath.string_at(model_arn),
                "ContentType": "application/json",
                "Accept": "application/json",
                "Body": json.dumps(dict(self.body)),
            },
            result_selector={"body.$": "$.Body"},
            result_path="$.answer",
        )
        # A model that nobody has asked yet is not loaded, and says so until it is.
        ask.add_retry(
            errors=["BedrockRuntime.ModelNotReadyException"],
            interval=_BETWEEN,
            backoff_rate=1.1,
            max_delay=_BETWEEN.plus(Duration.seconds(1)),
            max_attempts=round(self.model_loads_within.to_seconds() / _BETWEEN.to_seconds()),
        )
        ask.add_retry(
            errors=["BedrockRuntime.ResourceNotFoundException"], interval=_BETWEEN, backoff_rate=1.5, max_attempts=4
        )
        good = (
            sfn.Condition.not_(sfn.Condition.string_equals("$.answer.body", ""))
            if self.expect is None
            else sfn.Condition.string_matches("$.answer.body", f"*{self.expect}*")
        )
        wrong = sfn.Fail(
            scope,
            "Wrong answer",
            error=FAILED,
            cause_path=sfn.JsonPath.format(
                "{} answered {}", sfn.JsonPath.string_at(model_arn), sfn.JsonPath.string_at("$.answer.body")
            ),
        )
        return ask.next(sfn.Choice(scope, "Answered").when(good, following).otherwise(wrong))
