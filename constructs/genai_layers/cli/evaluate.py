"""`genai-layers evaluate`: asks the golden set of an environment, and fails where the answers are not good enough."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from genai_layers.cli.chosen import chosen
from genai_layers.cli.console import new_table, print_table
from genai_layers.settings import Settings

POLL_SECONDS = 5.0
"""Between two looks at the run."""
PATIENCE_SECONDS = 45 * 60.0
"""As long as the state machine itself may run."""

_NOT_GOOD_ENOUGH, _NOT_EVALUATED = 1, 2
_BELOW = "EvaluationBelowThreshold"


class EvaluationRunError(RuntimeError):
    """Nothing was measured: there is nothing to ask, or the run broke off."""


def evaluate(
    environment: Annotated[str, typer.Option("-e", "--environment", help="Environment file, without its ending.")],
    context: Annotated[list[str] | None, typer.Option("-c", "--context", help="Override, KEY=VALUE.")] = None,
    directory: Annotated[Path, typer.Option(help="Where the environment files lie.")] = Path("stacks/environments"),
    root: Annotated[Path, typer.Option(help="Folder that the path of the golden set begins at.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """
    Ask the golden set of what is deployed as ENVIRONMENT; exit 1 where it is not good enough, 2 where nothing was
    measured.
    """
    settings = chosen(environment, directory, context or ())
    try:
        session: Any = boto3.Session(region_name=settings.region)
        found = Evaluation(settings, session.client).run(root)
    except (BotoCoreError, ClientError, EvaluationRunError, OSError) as fault:
        typer.echo(f"{environment} was not evaluated: {fault}", err=True)
        raise typer.Exit(_NOT_EVALUATED) from fault
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        show(environment, found)
    if not found["passed"]:
        raise typer.Exit(_NOT_GOOD_ENOUGH)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """
    The evaluation of one deployed environment.

    Args:
        settings: Settings of the environment.
        reach: Returns the client of a service.
        poll_seconds: Between two looks at the run.
    """

    settings: Settings
    reach: Callable[[str], Any]
    poll_seconds: float = POLL_SECONDS

    def run(self, root: Path) -> dict[str, Any]:
        """
        Put the golden set where it is not yet, run the evaluation, and return its summary.

        Args:
            root: Folder that the path of the golden set begins at.

        Raises:
            EvaluationRunError: There is no golden set, another one was deployed, or the run broke off.
        """
        path = self.settings.application.evaluation.golden_set
        if path is None:
            raise EvaluationRunError("it names no golden set: set golden_set in [application.evaluation] and deploy")
        outputs = self._outputs()
        content = (root / path).read_bytes()
        if hashlib.sha256(content).hexdigest() not in outputs["EvaluationGoldenSet"]:
            raise EvaluationRunError(f"{path} is not the golden set that was deployed: deploy first")
        self.reach("s3").put_object(
            Bucket=outputs["EvaluationBucketName"], Key=outputs["EvaluationGoldenSet"], Body=content
        )
        ended = self._ended(outputs["EvaluationStateMachineArn"])
        if ended["status"] == "SUCCEEDED":
            return dict(json.loads(ended["output"]))
        if ended.get("error") == _BELOW:
            return dict(json.loads(ended["cause"]))
        raise EvaluationRunError(f"the run ended with {ended['status']}: {ended.get('error')}: {ended.get('cause')}")

    def _outputs(self) -> dict[str, str]:
        name = f"GenAi-{self.settings.environment}-Application"
        (stack,) = self.reach("cloudformation").describe_stacks(StackName=name)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
        wanted = ("EvaluationStateMachineArn", "EvaluationBucketName", "EvaluationGoldenSet")
        if missing := [each for each in wanted if each not in outputs]:
            raise EvaluationRunError(f"stack {name} has no output {', '.join(missing)}: deploy it with a golden set")
        return outputs

    def _ended(self, machine: str) -> Mapping[str, Any]:
        states = self.reach("stepfunctions")
        run = states.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
        began = time.monotonic()
        while True:
            described: Mapping[str, Any] = states.describe_execution(executionArn=run)
            if described["status"] != "RUNNING":
                return described
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise EvaluationRunError(f"{run} still runs: look at it in the console")
            time.sleep(self.poll_seconds)


def show(environment: str, found: Mapping[str, Any]) -> None:
    """
    Print a summary as a table, what is not good enough, and where the report lies.

    Args:
        environment: What was evaluated.
        found: The summary.
    """
    made = new_table(f"{found['cases']} questions asked of {environment}")
    made.add_column("measure")
    made.add_column("value", justify="right")
    for name, value in found["measures"].items():
        made.add_row(name.replace("_", " "), "not measured" if value is None else f"{value:,.4g}")
    print_table(made)
    for fault in found["below"]:
        typer.echo(f"- {fault}")
    for fault in found["wrong"]:
        typer.echo(f"  {fault}")
    typer.echo(f"report: {found['report']}")
    typer.echo("good enough" if found["passed"] else "not good enough")
