"""Turning the intrinsic functions of a template into the values they plausibly have once deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genai_layers.catalog import regions
from genai_layers.testing.app import ACCOUNT, REGION
from genai_layers.testing.arns import arn_of, physical_id_of
from genai_layers.testing.errors import UnresolvedError
from genai_layers.testing.substitute import substitute


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """
    Values for the references of one template.

    A resource gets a made-up name and the ARN that goes with it, the same one wherever it is referred to,
    so that a policy and a request about the same resource agree.

    Attributes:
        template: The template.
        account: Account that it is deployed to.
        region: Region that it is deployed to.
        partition: Partition of *region*.
        stack_name: Name of the stack.
        values: What cannot be seen in the template: values by parameter name, export name or logical id.
    """

    template: Mapping[str, Any]
    account: str = ACCOUNT
    region: str = REGION
    partition: str = "aws"
    stack_name: str = "Stack"
    values: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """
        Return *value* without intrinsic functions.

        Args:
            value: Any part of the template.

        Raises:
            UnresolvedError: It refers to something outside the template that *values* does not name.
        """
        if isinstance(value, list | tuple):
            resolved = [self.resolve(item) for item in value]
            return [item for item in resolved if item is not _NO_VALUE]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" or name.startswith("Fn::"):
                return self._intrinsic(name, argument)
        items = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if item is not _NO_VALUE}

    def arn(self, logical_id: str) -> str:
        """
        Return the ARN of a resource of the template.

        Args:
            logical_id: Its logical id.
        """
        return arn_of(self._resource(logical_id), logical_id, self._place())

    def _intrinsic(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(argument)
            case "Fn::GetAtt":
                parts = argument.split(".", 1) if isinstance(argument, str) else argument
                return self._attribute(*parts)
            case "Fn::Join":
                delimiter, items = argument
                return delimiter.join(self.resolve(items))
            case "Fn::Select":
                index, items = argument
                return self.resolve(items)[int(index)]
            case "Fn::Split":
                delimiter, text = argument
                return self.resolve(text).split(delimiter)
            case "Fn::Sub":
                return substitute(argument, self.resolve)
            case "Fn::GetAZs":
                return [f"{self.region}{letter}" for letter in "abcdef"]
        return self._outside(f"{name} {argument}", argument)

    def _ref(self, name: str) -> Any:
        pseudo = self._place()
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in pseudo:
            return pseudo[name]
        if name in self.values:
            return self.values[name]
        if name in self.template.get("Resources", {}):
            return physical_id_of(self._resource(name), name, pseudo)
        default = self.template.get("Parameters", {}).get(name, {}).get("Default")
        return self._outside(f"Ref {name}", name) if default is None else default

    def _attribute(self, logical_id: str, attribute: str) -> str:
        if f"{logical_id}.{attribute}" in self.values:
            return self.values[f"{logical_id}.{attribute}"]
        if attribute.endswith("Arn"):
            return self.arn(logical_id)
        return f"{physical_id_of(self._resource(logical_id), logical_id, self._place())}-{attribute}"

    def _outside(self, what: str, argument: Any) -> str:
        # `Fn::GetStackOutput` names its output; every other function that ends here has a text.
        key = argument["OutputName"] if isinstance(argument, Mapping) and "OutputName" in argument else str(argument)
        if key in self.values:
            return self.values[key]
        raise UnresolvedError(f"{what} is not in the template: pass its value as values={{{key!r}: ...}}")

    def _resource(self, logical_id: str) -> Mapping[str, Any]:
        try:
            resource: Mapping[str, Any] = self.template["Resources"][logical_id]
        except KeyError:
            known = ", ".join(sorted(self.template.get("Resources", {})))
            raise UnresolvedError(f"no resource {logical_id!r} in the template: choose one of {known}") from None
        return resource

    def _place(self) -> dict[str, str]:
        stack = f"{self.region}:{self.account}:stack/{self.stack_name}/0"
        return {
            "AWS::AccountId": self.account,
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackName": self.stack_name,
            "AWS::StackId": f"arn:{self.partition}:cloudformation:{stack}",
            "AWS::URLSuffix": regions.domain(self.region),
        }


_NO_VALUE = object()
