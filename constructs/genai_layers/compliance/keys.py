"""What counts as a customer-managed key in a template."""

from genai_layers.compliance.template import is_intrinsic


def is_customer_managed(key: object) -> bool:
    """
    Return whether *key* names a key of the customer: an ARN, an id, an alias or a reference.

    Aliases under `alias/aws/` belong to AWS. A reference is believed: the template cannot tell more.
    """
    if isinstance(key, str):
        return bool(key) and "alias/aws/" not in key
    return is_intrinsic(key) and key != {"Ref": "AWS::NoValue"}
