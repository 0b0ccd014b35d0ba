"""The function that empties buckets keeps its log in its stack."""

import pytest
from aws_cdk import RemovalPolicy

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket
from genai_layers.foundation.emptier_log import bind_emptier_log
from genai_layers.foundation.errors import StorageError

pytestmark = pytest.mark.synth


def test_the_log_of_the_emptier_goes_with_its_stack() -> None:
    """One log group for all buckets of a stack, named in the function, deleted with the stack."""
    stack = testing.stack()
    for name in ("First", "Second"):
        AccessLogBucket(stack, name, removal_policy=RemovalPolicy.DESTROY)

    template = testing.template(stack)
    (log_id, log_group), *more = testing.resources(template, "AWS::Logs::LogGroup").items()
    (emptier,) = testing.resources(template, "AWS::Lambda::Function").values()

    assert not more
    assert log_group["DeletionPolicy"] == "Delete"
    assert emptier["Properties"]["LoggingConfig"] == {"LogGroup": {"Ref": log_id}}


def test_a_stack_without_an_emptier_is_refused() -> None:
    """There is no function to bind, and that is said."""
    stack = testing.stack()

    with pytest.raises(StorageError, match="no function that empties buckets"):
        bind_emptier_log(stack)
