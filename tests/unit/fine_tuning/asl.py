"""State machines of a template, and what their parameters become when they run."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genai_layers.testing import Resolver, resources

Template = Mapping[str, Any]

CONTEXT = {
    "Execution": {
        "Id": "arn:aws:states:us-east-1:111122223333:execution:tune:approved-1",
        "RedriveCount": 0,
    }
}
RUN = hashlib.sha1(CONTEXT["Execution"]["Id"].encode(), usedforsecurity=False).hexdigest()  # type: ignore[union-attr]

DIGEST = "0" * 64
STATE: dict[str, Any] = {
    "run": RUN,
    "data": {
        "report_uri": f"s3://out/runs/{RUN}/data-report.json",
        "data_sha256": DIGEST,
        "base_model_sha256": DIGEST,
        "records": {"held_out": 50},
    },
    "training": {"job": f"tune-{RUN}-0", "artifacts": f"s3://out/runs/{RUN}/model/tune-{RUN}-0/output/model/"},
    "evaluation": {"job": f"judge-{RUN}-0", "artifacts": f"s3://out/runs/{RUN}/evaluation"},
    "judged": {
        "approval": "PendingManualApproval",
        "card": json.dumps({"model_overview": {"model_creator": "us"}}),
        "evaluation_sha256": DIGEST,
        "evaluation_uri": f"s3://out/runs/{RUN}/evaluation/evaluation.json",
        "artifacts_sha256": DIGEST,
        "artifacts_uri": f"s3://out/runs/{RUN}/model/tune-{RUN}-0/output/model/",
    },
    "detail": {
        "ModelPackageArn": "arn:aws:sagemaker:us-east-1:111122223333:model-package/tuning/2",
        "object": {"key": "incoming/tickets/approved.json", "version-id": "1"},
    },
    "input": {"manifest": "incoming/tickets/approved.json"},
    "current": {"value": "arn:aws:sagemaker:us-east-1:111122223333:model-package/tuning/2"},
    "deployment": {
        "package": "arn:aws:sagemaker:us-east-1:111122223333:model-package/tuning/2",
        "name": f"serve-01234567-{RUN}",
        "model": {"ModelName": f"serve-01234567-{RUN}"},
    },
    "before": {"status": "InService", "name": "Endpoint-Config-0123"},
    "template": {
        "variant": {
            "VariantName": "model",
            "ModelName": "the-first",
            "InstanceType": "ml.g5.2xlarge",
            "InitialInstanceCount": 2,
        },
        "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    },
    "previous": {"value": "arn:aws:sagemaker:us-east-1:111122223333:model-package/tuning/1"},
}


def resolver(template: Template) -> Resolver:
    """Values for everything that the template refers to."""
    kinds = {
        "AWS::EC2::SecurityGroup": ("GroupId", "sg-0123456789abcdef0"),
        "AWS::SageMaker::EndpointConfig": ("EndpointConfigName", "Endpoint-Config-0123"),
        "AWS::SageMaker::Model": ("ModelName", "Model-0123"),
    }
    made = {
        f"{name}.{kinds[each['Type']][0]}": kinds[each["Type"]][1]
        for name, each in template["Resources"].items()
        if each["Type"] in kinds
    }
    return Resolver(template=template, values=made)


def definition(template: Template, start: str) -> dict[str, Any]:
    """The definition of the state machine whose logical id starts as given."""
    (machine,) = [
        each
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::StepFunctions::StateMachine" and name.startswith(start)
    ]
    parsed: dict[str, Any] = json.loads(resolver(template).resolve(machine["Properties"]["DefinitionString"]))
    return parsed


def lint(parsed: Mapping[str, Any], folder: Path) -> str:
    """What statelint says of a definition; nothing when it is right."""
    file = folder / "definition.json"
    file.write_text(json.dumps(parsed), encoding="utf-8")
    program = Path(sys.executable).with_name("statelint")
    return subprocess.run([str(program), str(file)], capture_output=True, text=True, check=False).stdout


def filled(value: Any, state: Mapping[str, Any]) -> Any:
    """Parameters as they are sent, given the input of the state."""
    if isinstance(value, list):
        return [filled(item, state) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name.removesuffix(".$"): evaluated(item, state) if name.endswith(".$") else filled(item, state)
        for name, item in value.items()
    }


def evaluated(expression: str, state: Mapping[str, Any]) -> Any:
    """One path, or one of the intrinsic functions that the definitions use."""
    match = re.fullmatch(r"States\.(Format|Hash|JsonToString|JsonMerge|Array)\((.*)\)", expression)
    if match is None:
        return _at(expression, state)
    values = [_argument(part, state) for part in _split(match[2])]
    if match[1] == "JsonToString":
        return json.dumps(values[0])
    if match[1] == "Array":
        return values
    if match[1] == "JsonMerge":
        return {**values[0], **values[1]}
    if match[1] == "Hash":
        return hashlib.new(values[1].replace("-", "").lower(), values[0].encode()).hexdigest()
    return values[0].replace("{}", "%s") % tuple(values[1:])


def _argument(text: str, state: Mapping[str, Any]) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return text[1:-1] if text.startswith("'") else evaluated(text, state)


def _split(text: str) -> list[str]:
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        depth += (character == "(") - (character == ")") if not quoted else 0
        if character == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _at(path: str, state: Mapping[str, Any]) -> Any:
    value: Any = CONTEXT if path.startswith("$$") else state
    for name in re.findall(r"\.(\w+)|\['([^']+)'\]", path):
        value = value[name[0] or name[1]]
    return value


def logical_id(template: Template, kind: str, start: str) -> str:
    """The one logical id of a type that starts as given."""
    (found,) = [name for name in resources(template, kind) if name.startswith(start)]
    return found
