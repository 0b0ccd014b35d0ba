"""IAM policies in a template: statements, and what they allow to whom."""

from collections.abc import Iterator, Mapping

from genai_layers.compliance.template import Resource, Template, items, mapping

IDENTITY_TYPES = (
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
"""Types that carry what an identity may do."""

Statement = Mapping[str, object]


def allowed(document: object) -> Iterator[Statement]:
    """Yield the statements of a policy document that allow something."""
    return _statements(document, "Allow")


def denied(document: object) -> Iterator[Statement]:
    """Yield the statements of a policy document that deny something."""
    return _statements(document, "Deny")


def _statements(document: object, effect: str) -> Iterator[Statement]:
    for statement in items(mapping(document).get("Statement")):
        if mapping(statement).get("Effect") == effect:
            yield mapping(statement)


def documents(resource: Resource) -> Iterator[object]:
    """Yield the policy documents that say what an identity may do, inline ones included."""
    yield resource.get("PolicyDocument")
    for policy in items(resource.get("Policies")):
        yield mapping(policy).get("PolicyDocument")


def granted(resource: Resource) -> Iterator[Statement]:
    """Yield the statements by which an IAM resource allows an identity something."""
    for document in documents(resource):
        yield from allowed(document)


def is_boundary(policy: Resource, template: Template) -> bool:
    """Return whether a managed policy only bounds identities, and grants none of them anything."""
    if policy.type != "AWS::IAM::ManagedPolicy":
        return False
    identities = template.of_type(*IDENTITY_TYPES)
    attached = any(policy in template.referred(each.get("ManagedPolicyArns")) for each in identities) or any(
        policy.get(name) for name in ("Roles", "Users", "Groups")
    )
    bounds = any(policy in template.referred(each.get("PermissionsBoundary")) for each in identities)
    return bounds and not attached


def actions(statement: Statement) -> tuple[str, ...]:
    """Return the actions of a statement, in lower case, as IAM compares them."""
    return tuple(action.lower() for action in items(statement.get("Action")) if isinstance(action, str))


def is_on_everything(statement: Statement) -> bool:
    """Return whether a statement is about every resource."""
    return "*" in items(statement.get("Resource"))


def principals(statement: Statement, kind: str) -> tuple[object, ...]:
    """
    Return the principals of one kind that a statement names; `"*"` counts as one of kind `AWS`.

    Args:
        statement: A statement of a trust or resource policy.
        kind: `AWS`, `Service` or `Federated`.
    """
    principal = statement.get("Principal")
    if isinstance(principal, str):
        return (principal,) if kind == "AWS" else ()
    return tuple(items(mapping(principal).get(kind)))


def condition(statement: Statement, operator: str, key: str) -> tuple[object, ...]:
    """Return the values that a statement compares *key* with by *operator*; keys are compared without case."""
    test = mapping(mapping(statement.get("Condition")).get(operator))
    return tuple(value for name, values in test.items() if name.lower() == key.lower() for value in items(values))
