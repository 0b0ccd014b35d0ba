"""Which events a trail records."""

from collections.abc import Sequence

from aws_cdk import aws_cloudtrail as cloudtrail

Selector = cloudtrail.CfnTrail.AdvancedEventSelectorProperty
Field = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty

DATA_EVENT_TYPES = (
    "AWS::Bedrock::AgentAlias",
    "AWS::Bedrock::Guardrail",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Bedrock::Model",
    "AWS::Lambda::Function",
    "AWS::S3Vectors::Index",
    "AWS::SageMaker::Endpoint",
)
"""Resource types whose every use is recorded (CloudTrail user guide, "Logging data events")."""


def management_events() -> Selector:
    """Return the selector of every management event, read and write."""
    return _selector("Management events", Field(field="eventCategory", equal_to=["Management"]))


def data_events(type: str) -> Selector:
    """
    Return the selector of every use of one type of resource.

    Args:
        type: Resource type, as CloudTrail names it.
    """
    return _selector(
        type.removeprefix("AWS::").replace("::", " "),
        Field(field="eventCategory", equal_to=["Data"]),
        Field(field="resources.type", equal_to=[type]),
    )


def bucket_events(buckets: Sequence[str], but: str | None = None) -> Selector:
    """
    Return the selector of object events.

    Args:
        buckets: ARNs of the buckets to record. Empty: every bucket.
        but: ARN of a bucket to leave out. Default: none.
    """
    fields = [
        Field(field="eventCategory", equal_to=["Data"]),
        Field(field="resources.type", equal_to=["AWS::S3::Object"]),
    ]
    if buckets:
        fields.append(Field(field="resources.ARN", starts_with=[f"{arn}/" for arn in buckets]))
    if but is not None:
        fields.append(Field(field="resources.ARN", not_starts_with=[f"{but}/"]))
    return _selector("S3 objects", *fields)


def _selector(name: str, *fields: Field) -> Selector:
    return Selector(name=name, field_selectors=list(fields))
