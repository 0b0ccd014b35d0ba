"""
The embedded local cloud: two AWS emulators behind the ordinary AWS APIs, without an account.

Only the standard library is used here, so that the emulators' own interpreters can import it too.
"""

from tools.local_cloud.cloud import LocalCloud
from tools.local_cloud.errors import CloudAlreadyRunningError, CloudNotReadyError, LocalCloudError, SetupError
from tools.local_cloud.layout import Layout

__all__ = [
    "CloudAlreadyRunningError",
    "CloudNotReadyError",
    "Layout",
    "LocalCloud",
    "LocalCloudError",
    "SetupError",
]
