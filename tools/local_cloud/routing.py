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

MOTO_URL_VARIABLE = "LOCAL_CLOUD_MOTO_URL"
