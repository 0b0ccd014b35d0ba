"""
The steps that put a model in the place of another, and wait for what becomes of it.

    Look -> Ready? -> Serves already? -> Find or make the model and its configuration -> Change it -> Look again
      ^        |             | yes                                                                        |
      +- Wait -+             +-> then                                                                 Settled?
                                                                       ours: remove the old one, then ----+
                                                                taken back: remove the new one, refused --+
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.fine_tuning.api_states import call
from genai_layers.jobs.fine_tuning.promotable import IPromotable, api_cased
from genai_layers.jobs.retries import call_retries

PACKAGE, NAME, _MODEL = "$.deployment.package", "$.deployment.name", "$.deployment.model"
_BEFORE, _AFTER = "$.before", "$.after"
_POLL = Duration.seconds(30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSteps:
    """
    What the steps work on.

    Attributes:
        target: Where the model is put.
        prefix: What the names of models and configurations that the steps make begin with, in small letters.
    """

    target: IPromotable
    prefix: str

    def named(self, scope: Construct, id: str, package: str) -> sfn.Pass:
        """
        Return the state that names what a package is served by: the same for the same package and template.

        Args:
            scope: The construct that it belongs to.
            id: Its name.
            package: Path of the ARN of the package.
        """
        digest = f"States.Hash(States.Format('{{}} {{}}', {package}, '{self.target.starting}'), 'SHA-1')"
        name = f"States.Format('{self.prefix}{{}}', {digest})"
        return sfn.Pass(
            scope,
            id,
            parameters={"package.$": package, "name.$": name, "model": {"ModelName.$": name}},
            result_path="$.deployment",
        )

    def starting(self, scope: Construct, id: str) -> sfn.Pass:
        """
        Return the state that names what the template serves.

        Args:
            scope: The construct that it belongs to.
            id: Its name.
        """
        named = {"package": "none", "name": self.target.starting}
        return sfn.Pass(scope, id, result=sfn.Result.from_object(named), result_path="$.deployment")

    def steps(
        self, scope: Construct, *, then: sfn.IChainable, refused: sfn.IChainable, is_return: bool = False
    ) -> sfn.IChainable:
        """
        Return the steps; before them, `named` or `starting`.

        Args:
            scope: The construct that they belong to.
            then: What follows when it serves.
            refused: What follows when an alarm took it back.
            is_return: Whether it is a way back, which the alarms do not watch. Default: no.
        """
        failed = sfn.Fail(
            scope, "Cannot be changed", error="DeploymentFailed", cause="the endpoint is in a state that needs a person"
        )
        change = self._change(scope, self.target.go_back if is_return else self.target.update)
        make = self._find_model(scope, self._find_config(scope, change))
        again = self.look(scope, "Look again", _AFTER)
        change.next(_wait(scope, "Let it go on")).next(again)
        ours = self._tidy(scope, "the old", f"{_BEFORE}.name", then)
        gone = self._tidy(scope, "the refused", NAME, refused)
        again.next(
            sfn.Choice(scope, "Settled?")
            .when(_all(_is(_AFTER, "InService"), _same(f"{_AFTER}.name", NAME)), ours)
            .when(_is(_AFTER, "InService"), gone)
            .when(_broken(_AFTER), failed)
            .otherwise(_wait(scope, "Wait for the end", again))
        )
        look = self.look(scope, "Look", _BEFORE)
        serves = (
            sfn.Choice(scope, "Serves already?")
            .when(_same(f"{_BEFORE}.name", NAME), then)
            .when(sfn.Condition.string_equals(NAME, self.target.starting), change)
            .otherwise(make)
        )
        return look.next(
            sfn.Choice(scope, "Ready?")
            .when(_is(_BEFORE, "InService"), serves)
            .when(_broken(_BEFORE), failed)
            .otherwise(_wait(scope, "Wait for the change before", look))
        )

    def look(self, scope: Construct, id: str, path: str) -> sfn.CustomState:
        """
        Return the state that reads status and name of what serves.

        Args:
            scope: The construct that it belongs to.
            id: Its name.
            path: Where they go.
        """
        component = self.target.component_name
        if component is None:
            action, asked = "describeEndpoint", {"EndpointName": self.target.endpoint_name}
            selected = {"status.$": "$.EndpointStatus", "name.$": "$.EndpointConfigName"}
        else:
            action, asked = "describeInferenceComponent", {"InferenceComponentName": component}
            selected = {"status.$": "$.InferenceComponentStatus", "name.$": "$.Specification.ModelName"}
        return call(scope, id, f"sagemaker:{action}", asked, selected=selected, result_path=path)

    def _find_model(self, scope: Construct, after: sfn.IChainable) -> sfn.IChainable:
        make = call(
            scope,
            "Make the model",
            "sagemaker:createModel",
            {
                "ModelName.$": NAME,
                "PrimaryContainer": {"ModelPackageName.$": PACKAGE},
                "ExecutionRoleArn": self.target.execution_role.role_arn,
                "EnableNetworkIsolation": self.target.is_isolated,
                "VpcConfig": api_cased(self.target.vpc_config),
            },
        )
        make.next(after)
        find = call(scope, "Find the model", "sagemaker:describeModel", {"ModelName.$": NAME}, retries=call_retries())
        # What is not there is an error without a name of its own; a real one shows when the model is made.
        find.add_catch(make, errors=["States.TaskFailed"], result_path="$.answer")
        return find.next(after)

    def _find_config(self, scope: Construct, after: sfn.IChainable) -> sfn.IChainable:
        if self.target.component_name is not None:
            return after
        variant = f"States.JsonMerge($.template.variant, {_MODEL}, false)"
        read = call(
            scope,
            "Read the template's configuration",
            "sagemaker:describeEndpointConfig",
            {"EndpointConfigName": self.target.starting},
            selected={
                "variant.$": "$.ProductionVariants[0]",
                **{f"{name}.$": f"$.{name}" for name in self.target.config_members},
            },
            result_path="$.template",
        )
        make = call(
            scope,
            "Make the configuration",
            "sagemaker:createEndpointConfig",
            {
                "EndpointConfigName.$": NAME,
                "ProductionVariants.$": f"States.Array({variant})",
                **{f"{name}.$": f"$.template.{name}" for name in self.target.config_members},
            },
        )
        read.next(make).next(after)
        find = call(
            scope,
            "Find the configuration",
            "sagemaker:describeEndpointConfig",
            {"EndpointConfigName.$": NAME},
            retries=call_retries(),
        )
        find.add_catch(read, errors=["States.TaskFailed"], result_path="$.answer")
        return find.next(after)

    def _change(self, scope: Construct, how: Any) -> sfn.CustomState:
        arguments = api_cased(how)
        if self.target.component_name is None:
            named = {"EndpointName": self.target.endpoint_name, "EndpointConfigName.$": NAME}
            return call(scope, "Change it", "sagemaker:updateEndpoint", {**named, **arguments}, retries=call_retries())
        arguments["Specification"] = {**arguments["Specification"], "ModelName.$": NAME}
        named = {"InferenceComponentName": self.target.component_name}
        return call(
            scope, "Change it", "sagemaker:updateInferenceComponent", {**named, **arguments}, retries=call_retries()
        )

    def _tidy(self, scope: Construct, what: str, name: str, then: sfn.IChainable) -> sfn.IChainable:
        """What the template made stays; what the steps made and nobody serves goes."""
        after = sfn.Pass(scope, f"Go on after {what}")
        after.next(then)
        model = call(scope, f"Remove {what} model", "sagemaker:deleteModel", {"ModelName.$": name})
        model.add_catch(after, errors=["States.TaskFailed"], result_path="$.answer")
        model.next(after)
        first: sfn.IChainable = model
        if self.target.component_name is None:
            asked = {"EndpointConfigName.$": name}
            config = call(scope, f"Remove {what} configuration", "sagemaker:deleteEndpointConfig", asked)
            config.add_catch(after, errors=["States.TaskFailed"], result_path="$.answer")
            first = config.next(model)
        ours = sfn.Condition.string_matches(name, f"{self.prefix}*")
        return sfn.Choice(scope, f"Is {what} ours?").when(ours, first).otherwise(after)


def _wait(scope: Construct, id: str, after: sfn.IChainable | None = None) -> sfn.Wait:
    wait = sfn.Wait(scope, id, time=sfn.WaitTime.duration(_POLL))
    if after is not None:
        wait.next(after)
    return wait


def _is(path: str, status: str) -> sfn.Condition:
    return sfn.Condition.string_equals(f"{path}.status", status)


def _broken(path: str) -> sfn.Condition:
    return sfn.Condition.or_(*(_is(path, status) for status in ("Failed", "UpdateRollbackFailed", "OutOfService")))


def _same(one: str, other: str) -> sfn.Condition:
    return sfn.Condition.string_equals_json_path(one, other)


def _all(*conditions: sfn.Condition) -> sfn.Condition:
    return sfn.Condition.and_(*conditions)
