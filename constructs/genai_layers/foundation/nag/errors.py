"""What can be wrong with the way checks are attached or findings accepted."""


class ChecksError(ValueError):
    """The checks of an app are asked for in a way that cannot be met."""


class AcknowledgementError(ValueError):
    """A finding is acknowledged in a way that would silence nothing, or more than it says."""


class FindingsError(ChecksError):
    """A synth has findings that the core lets pass."""
