"""A table in a cluster that may be paused, asked through the Data API."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from ..shared import clients

LONGEST_WAIT_SECONDS = 200.0
_PAUSE_SECONDS = 5.0
# The cluster wakes up, or the instance of a new one does not answer yet.
_NOT_YET = frozenset({"DatabaseNotFoundException", "DatabaseResumingException", "DatabaseUnavailableException"})
_NOT_YET_MESSAGE = "communications link failure"
_GONE = frozenset({"DBClusterNotFoundFault", "NotFoundException", "SecretsErrorException"})


class Cluster:
    """
    A database of one cluster.

    Args:
        rds_data: Client of the Data API.
        cluster_arn: The cluster.
        secret_arn: Secret to sign in with.
        database: The database.
        pause: Lets some seconds pass. Default: really.
    """

    def __init__(
        self,
        rds_data: Any,
        *,
        cluster_arn: str,
        secret_arn: str,
        database: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rds_data = rds_data
        self._place = {"resourceArn": cluster_arn, "secretArn": secret_arn, "database": database}
        self._pause = pause

    def run(self, statements: Sequence[str]) -> None:
        """
        Run *statements* one after the other, and wait for a cluster that wakes up.

        Args:
            statements: SQL that is safe to run again.

        Raises:
            ClientError: One of them is refused, or the cluster does not wake up.
        """
        waited = 0.0
        for sql in statements:
            while True:
                try:
                    self._rds_data.execute_statement(**self._place, sql=sql)
                except clients.refusal() as error:
                    if not _is_waking(error) or waited >= LONGEST_WAIT_SECONDS:
                        raise
                else:
                    break
                self._pause(_PAUSE_SECONDS)
                waited += _PAUSE_SECONDS

    def drop(self, table: str) -> str:
        """
        Drop *table*, and return in a few words what was done; a cluster that is gone already took it along.

        Args:
            table: The table, with its schema.
        """
        try:
            self.run([f"DROP TABLE IF EXISTS {table}"])
        except clients.refusal() as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise
            return "gone already"
        return "dropped"


def _is_waking(error: Any) -> bool:
    fault = error.response["Error"]
    return fault["Code"] in _NOT_YET or _NOT_YET_MESSAGE in fault.get("Message", "").lower()
