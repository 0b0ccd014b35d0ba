"""Machines of one group find each other, and start again together when one of them was lost."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stub_machine import BOOT

MUSTER = BOOT / "muster.py"

# Answers as EC2 does from a file of machines, and writes down what systemd was asked.
AWS = """#!/usr/bin/env bash
set -e
case " $* " in
*" --instance-ids "*) cat "$SELF" ;;
*) cat "$MACHINES" ;;
esac
"""
SYSTEMCTL = '#!/usr/bin/env bash\necho "$*" >>"$CALLS"\n'
DEADLINE_SECONDS = 20


class Group:
    """A group of machines on addresses of this one's loopback."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "bin").mkdir()
        for name, text in (("aws", AWS), ("systemctl", SYSTEMCTL)):
            (folder / "bin" / name).write_text(text, encoding="utf-8")
            (folder / "bin" / name).chmod(0o755)
        (folder / "routes").write_text(
            "Iface\tDestination\tGateway\nens33\t0000000A\t0\nens32\t00000000\t0100000A\n", encoding="utf-8"
        )
        self.running: list[subprocess.Popen[bytes]] = []
        self.set(range(1, size + 1))

    def set(self, numbers: range | list[int]) -> None:
        """Say which machines run."""
        text = json.dumps([[f"i-{number}", f"127.0.0.{number}", "group"] for number in numbers])
        (self.folder / "new").write_text(text, encoding="utf-8")
        (self.folder / "new").replace(self.folder / "machines")

    def place(self, number: int) -> Path:
        """Return the folder of a machine, made at first sight."""
        place = self.folder / str(number)
        if not place.exists():
            place.mkdir()
            (place / "engine.args").write_text("serve\n", encoding="utf-8")
            (place / "engine.env").write_text("A=1\n", encoding="utf-8")
            (place / "id").write_text(f"i-{number}\n", encoding="utf-8")
            (place / "self").write_text(json.dumps([[f"i-{number}", f"127.0.0.{number}", "group"]]), encoding="utf-8")
        return place

    def start(self, number: int, command: str, **changed: str) -> subprocess.Popen[bytes]:
        """Start a command on a machine."""
        place = self.place(number)
        variables = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "MUSTER_STATE": str(place / "run"),
            "MUSTER_CONFIG": str(place),
            "INSTANCE_ID_FILE": str(place / "id"),
            "ROUTES": str(self.folder / "routes"),
            "MACHINES": str(self.folder / "machines"),
            "SELF": str(place / "self"),
            "CALLS": str(place / "calls"),
            "LISTEN": f"127.0.0.{number}",
            "MUSTER_PORT": str(self.port),
            "MASTER_PORT": "29500",
            "HEALTH_PORT": "9",
            "GROUP_SIZE": str(self.size),
            "PATIENCE_SECONDS": "600",
            "POLL_SECONDS": "0.1",
            **changed,
        }
        started = subprocess.Popen([sys.executable, str(MUSTER), command], env=variables, stdout=subprocess.DEVNULL)
        self.running.append(started)
        return started

    def join(self, *numbers: int) -> None:
        """Let machines join at the same time, and wait for all of them."""
        joining = [self.start(number, "join") for number in numbers]
        assert [each.wait(DEADLINE_SECONDS) for each in joining] == [0] * len(numbers)

    def state(self, number: int) -> dict[str, object]:
        """Return what a machine says of itself."""
        return json.loads((self.place(number) / "run" / "state.json").read_text(encoding="utf-8"))

    def read(self, number: int, name: str) -> str:
        """Return a file that a machine wrote for its engine."""
        return (self.place(number) / "run" / name).read_text(encoding="utf-8")

    def calls(self, number: int) -> str:
        """Return what a machine asked of systemd."""
        calls = self.place(number) / "calls"
        return calls.read_text(encoding="utf-8") if calls.exists() else ""

    def until_asked(self, number: int, words: str) -> None:
        """Wait until a machine asked something of systemd."""
        end = time.monotonic() + DEADLINE_SECONDS
        while words not in self.calls(number):
            assert time.monotonic() < end, self.calls(number)
            time.sleep(0.05)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """Return three machines that watch, and end what they started."""
    made = Group(tmp_path, 3)
    for number in (1, 2, 3):
        made.start(number, "watch")
    yield made
    for process in made.running:
        process.kill()
        process.wait()


def test_all_machines_join_one_round_under_one_leader(group: Group) -> None:
    """Whoever comes first: the lowest id leads, and ranks are the order of ids."""
    group.join(3, 2, 1)

    assert len({str(group.state(number)["round"]) for number in (1, 2, 3)}) == 1
    for number in (1, 2, 3):
        arguments = group.read(number, "engine.args").splitlines()
        assert arguments[:7] == [
            "serve", "--node-rank", str(number - 1), "--master-addr", "127.0.0.1", "--master-port", "29500",
        ]  # fmt: skip
        assert ("--headless" in arguments) is (number != 1)
        assert f"VLLM_HOST_IP=127.0.0.{number}\n" in group.read(number, "engine.env")
        assert "GLOO_SOCKET_IFNAME=ens32\n" in group.read(number, "engine.env")


def test_only_machines_that_do_not_lead_pass_requests_on(group: Group) -> None:
    """On the one that leads the engine itself takes the port."""
    group.join(1, 2, 3)

    assert "start genai-forward.socket" not in group.calls(1)
    assert "start genai-forward.socket" in group.calls(2)
    assert group.read(3, "leader.env") == "LEADER=127.0.0.1\n"


def test_nobody_starts_before_all_are_there(group: Group) -> None:
    """A stage alone would wait for the others until it gives up."""
    group.set([1, 2])
    early = group.start(1, "join")
    time.sleep(0.5)

    assert early.poll() is None
    group.set([1, 2, 3])
    assert early.wait(DEADLINE_SECONDS) == 0


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_machine_restarts_the_others_and_they_meet_again(group: Group, lost: int) -> None:
    """With the one that came instead, under whoever has the lowest id then."""
    group.join(1, 2, 3)
    left = [number for number in (1, 2, 3) if number != lost]
    before = group.state(3)["round"]

    group.set(left)
    for number in left:
        group.until_asked(number, "restart genai-engine.service")
    group.set([*left, 4])
    group.start(4, "watch")
    group.join(*left, 4)

    rounds = {str(group.state(number)["round"]) for number in (*left, 4)}
    assert len(rounds) == 1
    assert before not in rounds
    assert f"--master-addr\n127.0.0.{left[0]}\n" in group.read(4, "engine.args")


@pytest.mark.parametrize("failed", [1, 3])
def test_an_engine_that_ended_on_one_machine_restarts_all_of_them(group: Group, failed: int) -> None:
    """Its partners hang rather than fail, and would never notice."""
    group.join(1, 2, 3)
    before = group.state(failed)["round"]

    assert group.start(failed, "leave").wait(DEADLINE_SECONDS) == 0
    if failed == 1:
        group.until_asked(2, "restart genai-engine.service")
        group.until_asked(3, "restart genai-engine.service")
    else:
        group.until_asked(1, "restart genai-engine.service")
    group.join(1, 2, 3)

    rounds = {str(group.state(number)["round"]) for number in (1, 2, 3)}
    assert len(rounds) == 1
    assert before not in rounds


def test_a_round_that_goes_on_is_left_alone(group: Group) -> None:
    """Nothing is restarted that works."""
    group.join(1, 2, 3)

    time.sleep(1.0)

    assert all("restart" not in group.calls(number) for number in (1, 2, 3))


def test_a_machine_gives_itself_up_when_all_are_there_and_nothing_answers(tmp_path: Path) -> None:
    """And not before: while one is missing, it is not its fault."""
    group = Group(tmp_path, 2)
    try:
        group.set([1])
        group.start(1, "watch", PATIENCE_SECONDS="0.5")
        time.sleep(1.0)
        assert "poweroff" not in group.calls(1)
        group.set([1, 2])
        group.until_asked(1, "poweroff")
    finally:
        for process in group.running:
            process.kill()
            process.wait()
