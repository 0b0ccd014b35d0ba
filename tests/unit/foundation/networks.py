"""Networks for tests, and their templates."""

from aws_cdk import Stack
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse, Network


def network(stack: Stack | None = None, **props: object) -> tuple[Stack, Network]:
    """Return a stack and its network, with a key for the flow logs."""
    stack = testing.stack() if stack is None else stack
    key = EncryptionKey(stack, "Key", description="flow logs", uses=[KeyUse.LOGS]).key
    given = {"flow_log_key": key, "log_retention": logs.RetentionDays.ONE_YEAR}
    return stack, Network(stack, "Network", **{**given, **props})  # type: ignore[arg-type]


def template_of(**props: object) -> testing.Template:
    """Return the template of a network with *props*."""
    return testing.template(network(**props)[0])
