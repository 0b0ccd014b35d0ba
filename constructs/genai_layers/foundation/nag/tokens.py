"""Findings that name a resource whose id only the synth knows."""

import json

import aws_cdk as cdk
from constructs import IConstruct

_MARK = "${Token["


def has_tokens(text: str) -> bool:
    """Return whether *text* holds a value that is known only at synth."""
    return _MARK in text


def is_settled(construct: IConstruct, text: str) -> bool:
    """
    Return whether the tokens in *text* mean the same now as at the end of the synth.

    A reference to another stack does not: the core turns it into an import while it synthesizes.
    """
    stack = cdk.Stack.of(construct)
    return all(_is_local(token, stack) for token in cdk.Tokenization.reverse_string(text).tokens)


def flatten(construct: IConstruct, text: str) -> str:
    """
    Return *text* with its tokens written as cdk-nag writes them in a finding.

    A reference becomes `<LogicalId>`, an attribute `<LogicalId.Arn>`, a pseudo parameter `<AWS::Partition>`.
    """
    return _flat(cdk.Stack.of(construct).resolve(text))


def _is_local(token: object, stack: cdk.Stack) -> bool:
    if cdk.Reference.is_reference(token):
        return bool(cdk.Stack.of(token.target) is stack)  # type: ignore[attr-defined]
    resolved = stack.resolve(token)
    return isinstance(resolved, dict) and str(resolved.get("Ref", "")).startswith("AWS::")


def _flat(value: object) -> str:
    if isinstance(value, str):
        return value.replace("${", "<").replace("}", ">")
    if isinstance(value, dict) and len(value) == 1:
        ((function, argument),) = value.items()
        match function, argument:
            case "Fn::Join", [delimiter, parts]:
                return str(delimiter).join(_flat(part) for part in parts)
            case "Fn::GetAtt", [resource, attribute]:
                return f"<{_flat(resource)}.{_flat(attribute)}>"
            case "Ref", _:
                return f"<{_flat(argument)}>"
            case (("Fn::Sub" | "Fn::ImportValue"), _):
                return _flat(argument)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
