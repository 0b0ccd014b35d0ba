"""Making a call without a guardrail impossible, whatever else a role may do."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam

from genai_layers.platform.interfaces import IGuardrail, IModel
from genai_layers.platform.invocation import GUARDRAIL_KEY, INVOKE_ACTIONS, numbered_versions


def unguarded_calls_denied(guardrail: IGuardrail, *, except_models: Sequence[IModel] = ()) -> iam.PolicyStatement:
    """
    Return a statement that denies every invocation that does not name the guardrail.

    Unlike the condition of a grant, it also holds against what other policies allow. It goes into the policy of a
    role (`require_guardrail`), into a permissions boundary, or into a service control policy.

    Args:
        guardrail: Guardrail that must be named, in any numbered version.
        except_models: Models that take no guardrail, such as those that embed or rerank. Default: none.

    Example:
        boundary.add_statements(unguarded_calls_denied(guardrail))
    """
    exempt = sorted({arn for model in except_models for arn in model.arns})
    return iam.PolicyStatement(
        sid="UnguardedCallsDenied",
        effect=iam.Effect.DENY,
        actions=list(INVOKE_ACTIONS),
        resources=None if exempt else ["*"],
        not_resources=exempt or None,
        # A negated operator matches where the key is absent, which is what denies a call without any guardrail.
        conditions={"StringNotLike": {GUARDRAIL_KEY: numbered_versions(guardrail.guardrail_arn)}},
    )


def require_guardrail(
    grantee: iam.IGrantable, guardrail: IGuardrail, *, except_models: Sequence[IModel] = ()
) -> iam.Grant:
    """
    Deny *grantee* every invocation without the guardrail, and let it apply the guardrail.

    Args:
        grantee: Who is bound.
        guardrail: Guardrail that must be named.
        except_models: Models that take no guardrail. Default: none.
    """
    grantee.grant_principal.add_to_principal_policy(unguarded_calls_denied(guardrail, except_models=except_models))
    return guardrail.grant_apply(grantee)
