"""
Renaming the keys of a KMS encryption context, which the evaluator cannot name.

It knows `kms:EncryptionContext:${EncryptionContextKey}` but drops every real key of that family from the
request (seen in 0.1.173), so a policy that compares one could never be shown to allow anything.
A condition key is an opaque name to IAM, so renaming it in the request and in every policy alike changes no
answer; the new name is one of the family `aws:RequestTag/`, which the evaluator takes for every action.
"""

import re
from typing import Any

from genai_layers.testing.errors import PolicyTestError

# KMS developer guide, "Encryption context": the operations that take one; the others have no such key.
_CRYPTOGRAPHIC = re.compile(
    r"kms:(CreateGrant|Decrypt|Encrypt|GenerateDataKey\w*|ReEncrypt(From|To)|RetireGrant)", re.IGNORECASE
)
_KEY = re.compile(r"kms:EncryptionContext:(?P<name>.+)", re.IGNORECASE)


def without_encryption_context(simulation: dict[str, Any]) -> dict[str, Any]:
    """
    Return *simulation* with the keys of encryption contexts renamed, in its context and its policies.

    Args:
        simulation: What the evaluator is to be given.

    Raises:
        PolicyTestError: The request has an encryption context, and its action takes none.
    """
    request = simulation["request"]
    named = [key for key in request["contextVariables"] if _KEY.fullmatch(key)]
    if named and not _CRYPTOGRAPHIC.fullmatch(request["action"]):
        raise PolicyTestError(f"{request['action']} takes no encryption context: leave out {', '.join(named)}")
    renamed: dict[str, Any] = _renamed(simulation)
    return renamed


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_name(key): _renamed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(item) for item in value]
    return value


def _name(key: str) -> str:
    match = _KEY.fullmatch(key)
    return key if match is None else f"aws:RequestTag/encryption-context-{match['name'].replace(':', '-')}"
