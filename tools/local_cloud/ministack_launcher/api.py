"""Calls to the two emulators over HTTP, as any AWS client would make them."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any, Protocol

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tools.local_cloud.layout import ACCESS_KEY, REGION, SECRET_KEY
from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.shapes import fit
from tools.local_cloud.routing import MOTO_URL_VARIABLE, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient
    from botocore.model import Shape

# Error codes that mean "it is not there": a delete that meets one has nothing left to do.
GONE = (
    "NotFound",
    "NoSuch",
    "NotExist",
    "ResourceNotFound",
)


class RefusedError(ProvisioningError):
    """
    The service answered with an error.

    Args:
        operation: The call.
        code: The service's error code.
        message: The service's words.
    """

    def __init__(self, operation: str, code: str, message: str) -> None:
        super().__init__(f"{operation} was refused: {code}: {message}")
        self.code = code

    @property
    def says_gone(self) -> bool:
        """Whether the resource is not there."""
        return any(word in self.code for word in GONE)


class Keys(Protocol):
    """Temporary keys to sign with."""

    @property
    def access_key(self) -> str:
        """Key id."""

    @property
    def secret_key(self) -> str:
        """Secret."""

    @property
    def token(self) -> str:
        """Session token."""


def call(
    service: str,
    operation: str,
    parameters: Mapping[str, Any],
    renames: Mapping[str, str] | None = None,
    session: Keys | None = None,
) -> dict[str, Any]:
    """
    Make one call and return its answer.

    Args:
        service: botocore's name of the service, with `@moto` for moto's where both emulators have it.
        operation: Name of the call in the service model.
        parameters: Template properties or API members; fitted to the call's model.
        renames: Property -> member where the names differ.
        session: Keys to sign with. Default: the account's own.

    Raises:
        RefusedError: The service refused it.
        ProvisioningError: The parameters do not fit the model.
    """
    client = client_of(service) if session is None else _client(service, session)
    shape = client.meta.service_model.operation_model(operation).input_shape
    arguments = fit(shape, parameters, renames or {})
    try:
        answer: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
    except ClientError as error:
        told = error.response["Error"]
        raise RefusedError(operation, str(told.get("Code")), str(told.get("Message"))) from error
    except BotoCoreError as error:
        raise ProvisioningError(f"{operation} could not be made: {error}") from error
    answer.pop("ResponseMetadata", None)
    return answer


def output_shape(service: str, operation: str) -> Shape | None:
    """The model of a call's answer."""
    return client_of(service).meta.service_model.operation_model(operation).output_shape


@functools.cache
def client_of(service: str) -> BaseClient:
    """The account's own client of *service*, pointed at the emulator that has it."""
    return _client(service, None)


def _client(service: str, session: Keys | None) -> BaseClient:
    name, behind = split(service)
    return _session().create_client(
        name,
        region_name=REGION,
        endpoint_url=_moto_url() if behind else _own_url(),
        aws_access_key_id=session.access_key if session else ACCESS_KEY,
        aws_secret_access_key=session.secret_key if session else SECRET_KEY,
        aws_session_token=session.token if session else None,
        verify=_certificate(),
        config=Config(
            retries={"max_attempts": 1},
            read_timeout=60,
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
        ),
    )


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


def _own_url() -> str:
    scheme = "https" if _speaks_tls() else "http"
    return f"{scheme}://127.0.0.1:{os.environ['GATEWAY_PORT']}"


def _moto_url() -> str:
    return os.environ[MOTO_URL_VARIABLE]


def _speaks_tls() -> bool:
    return os.environ.get("USE_SSL") == "1"


def _certificate() -> str | bool:
    return os.path.join(os.environ["TMPDIR"], "ministack-tls", "server.crt") if _speaks_tls() else True
