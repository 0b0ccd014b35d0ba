"""What can go wrong around the local cloud, in words that say what to do."""


class LocalCloudError(ValueError):
    """The local cloud could not do what was asked."""


class SetupError(LocalCloudError):
    """Something that `make setup-local` installs is missing."""


class CloudNotReadyError(LocalCloudError):
    """An emulator ended, or did not answer in time, while it was being started."""


class CloudAlreadyRunningError(LocalCloudError):
    """A cloud is running in the same folder already."""
