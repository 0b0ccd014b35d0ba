"""Start a server as a process group of its own, find it again by its record, and end all of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TERM_GRACE_SECONDS = 3.0
_POLL_SECONDS = 0.05
# Processes that this program started itself: they must be waited for, or they stay as zombies.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """
    One server that the cloud started.

    It leads a process group, and what it starts itself (Lambda workers) stays in that group.

    Attributes:
        name: What the record and the messages call it.
        pid: Process id, which is also the id of its group.
        command: The command line, to recognise the process when another program looks for it.
        log: File with its output.
    """

    name: str
    pid: int
    command: tuple[str, ...]
    log: Path

    def is_running(self) -> bool:
        """Whether the process is there and still the one that was started."""
        return _command_line(self.pid) == " ".join(self.command)

    def group_has_members(self) -> bool:
        """Whether anything of its process group is alive, workers included."""
        return any(_command_line(pid) for pid in _group_members(self.pid))

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(name: str, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path) -> Server:
    """
    Start *command* in the background as the leader of a new process group.

    Args:
        name: What to call it.
        command: Program and arguments.
        environment: All that it sees of the environment.
        folder: Its working folder.
        log: File for its output, replaced.

    Returns:
        Server: The running process.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[process.pid] = process
    return Server(name=name, pid=process.pid, command=tuple(command), log=log)


def stop(server: Server) -> None:
    """
    End the server and everything in its group: SIGTERM first, SIGKILL for what outlives it.

    Nothing is signalled when the recorded id belongs to another program by now.
    """
    for wanted, patience_seconds in ((signal.SIGTERM, _TERM_GRACE_SECONDS), (signal.SIGKILL, _TERM_GRACE_SECONDS)):
        members = _group_members(server.pid)
        if not members or (server.pid in members and not server.is_running()):
            break
        _signal_group(server.pid, wanted)
        deadline = time.monotonic() + patience_seconds
        while time.monotonic() < deadline and server.group_has_members():
            _reap(server.pid)
            time.sleep(_POLL_SECONDS)
    _reap(server.pid)


def _signal_group(group: int, wanted: signal.Signals) -> None:
    try:
        os.killpg(group, wanted)
    except ProcessLookupError:
        return


def _reap(pid: int) -> None:
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]


def _command_line(pid: int) -> str:
    """The command line of a live process; empty for one that is gone or a zombie."""
    proc = Path("/proc")
    if proc.is_dir():
        try:
            raw = (proc / str(pid) / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return raw.decode(errors="replace").rstrip("\0").replace("\0", " ")
    shown = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def _group_members(group: int) -> list[int]:
    proc = Path("/proc")
    if proc.is_dir():
        return [
            int(entry.name) for entry in proc.iterdir() if entry.name.isdigit() and _group_of(int(entry.name)) == group
        ]
    shown = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=False)
    pairs = (line.split() for line in shown.stdout.splitlines())
    return [int(pid) for pid, of in pairs if int(of) == group]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1
