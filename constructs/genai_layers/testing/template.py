"""The synthesized template of a stack as a plain dictionary."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk

Template = dict[str, Any]
"""A CloudFormation template, as parsed from its JSON."""


def template(stack: cdk.Stack) -> Template:
    """
    Return the template of *stack*, checked by every plugin of its app.

    The app is synthesized once, however many of its stacks are asked for; nested stacks work too.

    Args:
        stack: A stack of an app.
    """
    # The whole app, not the stage alone: only `app.synth()` runs the validation plugins.
    cast("cdk.App", stack.node.root).synth()
    stage = cast("cdk.Stage", cdk.Stage.of(stack))
    file = Path(stage.synth().directory) / stack.template_file
    parsed: Template = json.loads(file.read_text(encoding="utf-8"))
    return parsed


def resources(template: Mapping[str, Any], type: str) -> dict[str, dict[str, Any]]:
    """
    Return the resources of one CloudFormation type by logical id.

    Args:
        template: A template as `template` returns it.
        type: CloudFormation type, such as `AWS::S3::Bucket`.
    """
    return {
        logical_id: resource
        for logical_id, resource in template.get("Resources", {}).items()
        if resource["Type"] == type
    }
