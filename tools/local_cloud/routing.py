"""Which of the two emulators answers for which AWS service."""

# Services that MiniStack does not have, by botocore's names.
MOTO_SERVICES = frozenset(
    {
        "application-autoscaling",
        "s3vectors",
        "sagemaker",
        "sagemaker-runtime",
    }
)

# Ending of a service's name that asks for moto's, where both have the service and MiniStack's lacks something.
AT_MOTO = "@moto"

MOTO_URL_VARIABLE = "LOCAL_CLOUD_MOTO_URL"


def split(service: str) -> tuple[str, bool]:
    """
    A service's own name, and whether moto answers for it.

    Example:
        >>> split("cloudwatch@moto")
        ('cloudwatch', True)
    """
    name = service.removesuffix(AT_MOTO)
    return name, name != service or name in MOTO_SERVICES
