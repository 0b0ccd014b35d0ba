"""Amazon Bedrock and Amazon S3 as the setting and its memory."""

import json
import time
from collections.abc import Callable
from typing import Any

from ..shared import clients
from .ownership import Configuration

LONGEST_WAIT_SECONDS = 90.0
_FIRST_PAUSE_SECONDS = 2.0
_LONGEST_PAUSE_SECONDS = 15.0


class AccountSetting:
    """
    The setting of this account in this region.

    Args:
        bedrock: Client of Amazon Bedrock.
        pause: Lets some seconds pass. Default: really.
    """

    def __init__(self, bedrock: Any, pause: Callable[[float], None] = time.sleep) -> None:
        self._bedrock = bedrock
        self._pause = pause

    def get(self) -> Configuration | None:
        """Return what is set; None where nothing is."""
        configuration: Configuration | None = self._bedrock.get_model_invocation_logging_configuration().get(
            "loggingConfig"
        )
        return configuration or None

    def put(self, configuration: Configuration) -> None:
        """
        Replace what is set.

        The service tries the role and the bucket at once, and a role that was made a moment ago is not known
        everywhere, so a refusal is tried again until the role had time to arrive.

        Args:
            configuration: What is to hold from now on.

        Raises:
            ClientError: The service still refuses after a minute and a half, or for another reason.
        """
        waited, pause = 0.0, _FIRST_PAUSE_SECONDS
        while True:
            try:
                self._bedrock.put_model_invocation_logging_configuration(loggingConfig=dict(configuration))
            except clients.refusal() as error:
                if error.response["Error"]["Code"] != "ValidationException" or waited >= LONGEST_WAIT_SECONDS:
                    raise
            else:
                return
            self._pause(pause)
            waited += pause
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def delete(self) -> None:
        """Set nothing."""
        self._bedrock.delete_model_invocation_logging_configuration()


class BucketMemory:
    """
    One object of a bucket.

    Args:
        s3: Client of Amazon S3.
        bucket: Name of the bucket.
        key: Key of the object.
    """

    def __init__(self, s3: Any, *, bucket: str, key: str) -> None:
        self._s3 = s3
        self._place = {"Bucket": bucket, "Key": key}

    def save(self, configuration: Configuration) -> None:
        """
        Keep *configuration*.

        Args:
            configuration: As the service returned it.
        """
        self._s3.put_object(**self._place, Body=json.dumps(configuration).encode(), ContentType="application/json")

    def load(self) -> Configuration | None:
        """Return what was kept; None where nothing was."""
        try:
            kept: Configuration = json.loads(self._s3.get_object(**self._place)["Body"].read())
        except clients.refusal() as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        return kept
