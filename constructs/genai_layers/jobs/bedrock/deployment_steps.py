"""
The steps of a deployment on demand.

    Defaults -> Begin -> What is asked -> Read newest -> There is one -> Name -> Find deployment -> Start ... Deployed
                              | a model                                              | found                    |
                              v                                                      v                          v
                         Given model ------------------------> Name          Give it time ... -----------> Smoke test
                                                                                                               |
                                                                         Current <- Make current <- Answered --+
"""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from genai_layers.jobs.bedrock.alias import UNSET, ModelAlias
from genai_layers.jobs.bedrock.awaited_job import JOB, STARTED, awaiting, begin, starting, succeeded
from genai_layers.jobs.bedrock.job_kind import JobKind, own
from genai_layers.jobs.bedrock.patience import Patience
from genai_layers.jobs.bedrock.run import digest, named
from genai_layers.jobs.bedrock.sdk_call import sdk_call
from genai_layers.jobs.bedrock.service_role import tagging, tags
from genai_layers.jobs.bedrock.smoke_test import SmokeTest

NOTHING_MADE = "NoModelYet"
"""Error of an execution that was to deploy the newest model, and there is none."""

_MODEL, _DEPLOYED = "$.model.arn", "$.deployed.arn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRequest:
    """
    What the steps need to know.

    Attributes:
        newest: Names the model that was made last.
        current: Names the deployment that callers use.
        prefix: Beginning of names.
        smoke_test: What the deployed model is asked.
        patience: How often to look, and for how long.
    """

    newest: ModelAlias
    current: ModelAlias
    prefix: str
    smoke_test: SmokeTest
    patience: Patience


def deployment_steps(scope: Construct, request: DeploymentRequest) -> sfn.IChainable:
    """
    Return the definition.

    Args:
        scope: The construct that the steps belong to.
        request: What they need to know.
    """
    kind, stack = JobKind.DEPLOYMENT, Stack.of(scope)
    promote = request.current.point(scope, "Make current", _DEPLOYED)
    promote.next(sfn.Succeed(scope, "Current", output_path="$.deployed"))
    deployed = sfn.Pass(
        scope, "Deployed", parameters={"arn.$": f"{JOB}.{kind.arn}", "model.$": _MODEL}, result_path="$.deployed"
    )
    deployed.next(request.smoke_test.steps(scope, _DEPLOYED, promote, kind.resource))
    models = own(stack, "custom-model")
    start = starting(
        scope,
        kind,
        parameters={
            "ModelDeploymentName": sfn.JsonPath.string_at("$.names.deployment"),
            "ModelArn": sfn.JsonPath.string_at(_MODEL),
            "Tags": tags(request.prefix),
        },
        authorized=[models],
        statements=[tagging(request.prefix, kind.arns(stack))],
    )
    wait = awaiting(scope, kind, patience=request.patience, outcomes=[(succeeded("Active"), deployed)])
    start.next(wait)
    find = _find(scope, kind)
    find.add_catch(start, errors=["Bedrock.ResourceNotFoundException"], result_path="$.absent")
    find.next(wait)
    name = sfn.Pass(
        scope,
        "Name",
        parameters={"deployment": named(request.prefix, digest(sfn.JsonPath.string_at(_MODEL)))},
        result_path="$.names",
    )
    name.next(find)
    given = sfn.Pass(scope, "Given model", parameters={"arn.$": "$.input.model_arn"}, result_path="$.model")
    asked = sfn.Choice(scope, "What is asked")
    asked.when(sfn.Condition.is_string("$.input.model_arn"), given.next(name))
    asked.otherwise(_newest(scope, request.newest, name))
    return begin(scope, {}).next(asked)


def _newest(scope: Construct, newest: ModelAlias, following: sfn.IChainable) -> tasks.CallAwsService:
    read = sdk_call(
        scope,
        "Read newest",
        service="ssm",
        operation="GetParameter",
        resources=[newest.parameter.parameter_arn],
        parameters={"Name": newest.name},
        result_selector={"arn.$": "$.Parameter.Value"},
        result_path="$.model",
    )
    nothing = sfn.Fail(
        scope,
        "Nothing made",
        error=NOTHING_MADE,
        cause='no model has been made yet: customize one first, or give {"model_arn": ...}',
    )
    read.next(
        sfn.Choice(scope, "There is one").when(sfn.Condition.string_equals(_MODEL, UNSET), nothing).otherwise(following)
    )
    return read


def _find(scope: Construct, kind: JobKind) -> tasks.CallAwsService:
    return sdk_call(
        scope,
        "Find deployment",
        service="bedrock",
        operation=kind.get,
        resources=[kind.arns(Stack.of(scope))],
        parameters={kind.identifier: sfn.JsonPath.string_at("$.names.deployment")},
        result_selector={f"{kind.arn}.$": f"$.{kind.arn}"},
        result_path=STARTED,
    )
