"""A CloudFormation template as the rules see it: resources, their properties, and what refers to what."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from genai_layers.compliance.errors import TemplateError

_SUB_VARIABLE = re.compile(r"\$\{([^!][^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """
    One resource of a template, with intrinsic functions and conditions left as they are written.

    Attributes:
        logical_id: Name within the template.
        type: CloudFormation type, such as `AWS::S3::Bucket`.
        properties: Properties as written; empty when there are none.
        deletion_policy: `Delete`, `Retain` or `Snapshot` ; None when CloudFormation's default holds.
    """

    logical_id: str
    type: str
    properties: Mapping[str, object] = field(default_factory=dict)
    deletion_policy: str | None = None

    def get(self, *path: str) -> object:
        """
        Return the property at *path*, or None when it is not written.

        Args:
            *path: Names from the outside in, such as `"LaunchTemplateData", "MetadataOptions"`.
        """
        value: object = self.properties
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """
    The resources of one template.

    Attributes:
        resources: Resources by logical id, in the order of the template.
    """

    resources: Mapping[str, Resource]

    @classmethod
    def parse(cls, document: Mapping[str, object]) -> "Template":
        """
        Return the model of a template.

        Args:
            document: A template as parsed from its JSON.

        Raises:
            TemplateError: *document* has no resources, or they have no types.
        """
        resources = document.get("Resources", {})
        if not isinstance(resources, Mapping):
            raise TemplateError(f"'Resources' is a {type(resources).__name__}, a mapping is needed")
        faults = [
            f"resource {logical_id!r} has no 'Type'"
            for logical_id, body in resources.items()
            if not isinstance(body, Mapping) or not isinstance(body.get("Type"), str)
        ]
        if faults:
            raise TemplateError("; ".join(faults))
        return cls(
            resources={
                logical_id: Resource(
                    logical_id=logical_id,
                    type=body["Type"],
                    properties=mapping(body.get("Properties")),
                    deletion_policy=text(body.get("DeletionPolicy")),
                )
                for logical_id, body in resources.items()
            }
        )

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of any of *types*, in the order of the template."""
        return tuple(resource for resource in self.resources.values() if resource.type in types)

    def referred(self, value: object) -> tuple[Resource, ...]:
        """Return the resources of this template that *value* refers to, at any depth."""
        return tuple(
            self.resources[logical_id]
            for logical_id in dict.fromkeys(references(value))
            if logical_id in self.resources
        )


def references(value: object) -> Iterator[str]:
    """Yield every logical id that `Ref`, `Fn::GetAtt` and `Fn::Sub` name within *value*."""
    if isinstance(value, Mapping):
        for name, argument in value.items():
            if name == "Ref" and isinstance(argument, str):
                yield argument
            elif name == "Fn::GetAtt":
                first = argument[0] if isinstance(argument, list) and argument else argument
                yield str(first).partition(".")[0]
            else:
                if name == "Fn::Sub":
                    pattern = argument[0] if isinstance(argument, list) and argument else argument
                    for variable in _SUB_VARIABLE.findall(str(pattern)):
                        yield variable.partition(".")[0]
                yield from references(argument)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def is_intrinsic(value: object) -> bool:
    """Return whether *value* is known only at deploy time: one intrinsic function."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    name = next(iter(value))
    return name in ("Ref", "Condition") or str(name).startswith("Fn::")


def mapping(value: object) -> Mapping[str, object]:
    """Return *value* if it is a mapping, and an empty one otherwise."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """Return *value* as a sequence: a list as it is, nothing as empty, one thing as a list of it."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def text(value: object) -> str | None:
    """Return *value* if it is a string, and None otherwise."""
    return value if isinstance(value, str) else None


def flat(value: object) -> str:
    """Return *value* as one text, with `${...}` wherever something is known only at deploy time."""
    match value:
        case {"Fn::Join": [delimiter, parts]}:
            return str(delimiter).join(flat(part) for part in items(parts))
        case {"Fn::Sub": [pattern, *_]} | {"Fn::Sub": pattern}:
            return text(pattern) or ""
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Ref": name}:
            return f"${{{name}}}"
    return text(value) or ""
