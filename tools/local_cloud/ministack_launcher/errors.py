"""Why a resource of the table could not be made."""


class ProvisioningError(ValueError):
    """A call about a resource was refused, or its properties do not fit the service model."""
