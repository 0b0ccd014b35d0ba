"""`Fn::Sub` of CloudFormation."""

import re
from collections.abc import Callable
from typing import Any

_VARIABLE = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^}]+)\}")


def substitute(argument: Any, resolve: Callable[[Any], Any]) -> str:
    """
    Return the text of `Fn::Sub` with its variables filled in.

    Args:
        argument: A text, or a text and its own variables.
        resolve: Resolves an intrinsic function.
    """
    text, variables = (argument, {}) if isinstance(argument, str) else argument

    def value(match: re.Match[str]) -> str:
        name = match["name"]
        if match["literal"]:
            return f"${{{name}}}"
        if name in variables:
            return str(resolve(variables[name]))
        return str(resolve({"Fn::GetAtt": name} if "." in name else {"Ref": name}))

    return _VARIABLE.sub(value, text)
