"""Start both emulators and the model behind the answers, and stop them without leaving anything."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Self

from tools.local_cloud import processes, servers
from tools.local_cloud.environment import client_environment
from tools.local_cloud.errors import CloudAlreadyRunningError
from tools.local_cloud.health import wait_until_healthy
from tools.local_cloud.layout import Layout
from tools.local_cloud.ports import LOOPBACK, free_ports
from tools.local_cloud.record import Record

if TYPE_CHECKING:
    from types import TracebackType

MODEL_URL_VARIABLE = "LOCAL_MODEL_URL"


class LocalCloud:
    """
    An AWS account on this machine: MiniStack in front, moto behind it, no Docker.

    It starts empty and forgets everything when it stops.

    Args:
        layout: Where its parts are and where it keeps its record. Default: this checkout.
        enforce_iam: Check every request against the IAM policies, over TLS. Default: off.
        model_url: OpenAI-compatible server that writes the answers.
            Default: the address in LOCAL_MODEL_URL, else a stand-in of ours that quotes the retrieved passages.

    Raises:
        SetupError: A part is not installed.
        CloudAlreadyRunningError: A cloud is running in the same folder.
        CloudNotReadyError: An emulator did not come up.

    Example:
        with LocalCloud() as cloud:
            subprocess.run(["cdk", "bootstrap"], env=cloud.environment())
    """

    def __init__(
        self, layout: Layout | None = None, *, enforce_iam: bool = False, model_url: str | None = None
    ) -> None:
        self.layout = layout or Layout.of_checkout()
        self.enforce_iam = enforce_iam
        self.chosen_model_url = model_url or os.environ.get(MODEL_URL_VARIABLE) or None
        self._record: Record | None = None

    @property
    def endpoint(self) -> str:
        """Address of the AWS APIs."""
        return self._running().endpoint

    @property
    def moto_endpoint(self) -> str:
        """Address of the AWS APIs that only moto has."""
        return self._running().moto_endpoint

    @property
    def model_is_stand_in(self) -> bool:
        """Whether the answers come from our stand-in rather than from a model."""
        return self.chosen_model_url is None

    def environment(self) -> dict[str, str]:
        """The environment in which the CDK CLI and any AWS client reach this cloud and no other."""
        return client_environment(self.layout, self._running())

    def start(self) -> Self:
        """Start everything and wait until it answers; on failure nothing stays behind."""
        self.layout.require()
        earlier = Record.read(self.layout.record)
        if earlier is not None and earlier.is_running():
            name = self.layout.home.name
            raise CloudAlreadyRunningError(
                f"a cloud is running at {earlier.endpoint}: "
                f"stop it with `python -m tools.local_cloud stop --name {name}`"
            )
        shutil.rmtree(self.layout.home, ignore_errors=True)
        (self.layout.home / "tmp").mkdir(parents=True)
        front, behind, model, mqtt = free_ports(4)
        scheme = "https" if self.enforce_iam else "http"
        record = Record(
            endpoint=f"{scheme}://{LOOPBACK}:{front}",
            moto_endpoint=f"http://{LOOPBACK}:{behind}",
            model_url=self.chosen_model_url or f"http://{LOOPBACK}:{model}",
            enforces_iam=self.enforce_iam,
            servers=(),
        )
        self._record = record
        try:
            if self.model_is_stand_in:
                self._add(servers.stand_in(self.layout, model))
            self._add(servers.moto(self.layout, behind))
            self._add(servers.ministack(self.layout, record, port=front, mqtt_port=mqtt))
            for server in self._record.servers:
                wait_until_healthy(server, servers.health_url(server, self._record))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """
        End every process of this cloud and remove its record; safe to call again.

        A cloud that somebody else started in the same folder is left alone; `attach` is the way to stop that one.
        """
        record = self._record
        if record is None:
            return
        for server in reversed(record.servers):
            processes.stop(server)
        shutil.rmtree(self.layout.home, ignore_errors=True)
        self._record = None

    @classmethod
    def attach(cls, layout: Layout | None = None) -> Self | None:
        """The cloud that runs already in the folder of *layout*, or None."""
        cloud = cls(layout)
        record = Record.read(cloud.layout.record)
        if record is None or not record.is_running():
            return None
        cloud._record = record
        cloud.enforce_iam = record.enforces_iam
        if not any(server.name == servers.STAND_IN for server in record.servers):
            cloud.chosen_model_url = record.model_url
        return cloud

    def add_program(self, name: str, module: str, arguments: tuple[str, ...], *, health_url: str) -> None:
        """
        Start a program of the project that belongs to this cloud and ends with it.

        Args:
            name: What the record calls it.
            module: Python module to run.
            arguments: Its arguments.
            health_url: Address at which it answers with success once it is ready.

        Raises:
            CloudNotReadyError: It did not come up.
        """
        server = servers.program(self.layout, name, module, arguments)
        self._add(server)
        wait_until_healthy(server, health_url)

    def running_servers(self) -> list[processes.Server]:
        """Its processes that are alive."""
        record = self._record
        return [server for server in record.servers if server.is_running()] if record else []

    def log_of(self, name: str) -> str:
        """The end of one server's log."""
        return "\n".join(s.last_words(60) for s in self._running().servers if s.name == name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _add(self, server: processes.Server) -> None:
        record = self._running()
        self._record = Record(
            endpoint=record.endpoint,
            moto_endpoint=record.moto_endpoint,
            model_url=record.model_url,
            enforces_iam=record.enforces_iam,
            servers=(*record.servers, server),
        )
        self._record.write(self.layout.record)

    def _running(self) -> Record:
        if self._record is None:
            raise CloudAlreadyRunningError("this cloud has not been started") from None
        return self._record
