# A round is one life of the engine over all machines of the group. The machine with the lowest instance id opens it
# and leads; the others join. Whoever sees that a machine or its engine was lost restarts its own engine, and all meet
# again. Nobody has to be told who leads: every machine counts for itself, and a count that differs is counted again.
# Runs on the machine's own Python, 3.9 on Amazon Linux 2023, with the standard library only.
"""Brings the machines of one group together: join, leave or watch."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

E = os.environ
STATE = Path(E.get("MUSTER_STATE", "/run/genai-muster"))
CONFIG = Path(E.get("MUSTER_CONFIG", "/etc/genai"))
ME = Path(E.get("INSTANCE_ID_FILE", "/var/lib/cloud/data/instance-id")).read_text().strip()
PORT = int(E["MUSTER_PORT"])
PAUSE = float(E.get("POLL_SECONDS", "5"))
TAG = "aws:autoscaling:groupName"
QUERY = f"Reservations[].Instances[].[InstanceId,PrivateIpAddress,Tags[?Key=='{TAG}']|[0].Value]"


def ask(*words: str) -> list[list[str]]:
    # Instances as [id, address, group].
    command = ["aws", "ec2", "describe-instances", "--output", "json", "--query", QUERY, *words]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60)  # noqa: S603 - our own words
    found: list[list[str]] = json.loads(told.stdout)
    return found


def count() -> list[list[str]]:
    # The running machines of this group, lowest id first; none while one is missing.
    group = ask("--instance-ids", ME)[0][2]
    running = "Name=instance-state-name,Values=running"
    found = sorted(ask("--filters", f"Name=tag:{TAG},Values={group}", running))
    return found if len(found) == int(E["GROUP_SIZE"]) and ME in ids(found) else []


def ids(roster: list[list[str]]) -> list[str]:
    return [machine[0] for machine in roster]


def own() -> dict[str, Any]:
    path = STATE / "state.json"
    state: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return state


def tell(**state: object) -> None:
    STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
    (STATE / "new").write_text(json.dumps(state))
    (STATE / "new").replace(STATE / "state.json")


def heard(machine: list[str]) -> dict[str, Any] | None:
    # What another machine says of itself; None if it says nothing.
    try:
        with urllib.request.urlopen(f"http://{machine[1]}:{PORT}", timeout=5) as answer:
            word: dict[str, Any] = json.load(answer)
            return word
    except (OSError, ValueError):
        return None


def over() -> None:
    # The round that this machine was in is over for it, and it never enters the same one again.
    state = own()
    tell(left=state.get("round") or state.get("left"))


def join() -> None:
    over()
    left = own()["left"]
    while True:
        roster = count()
        if roster:
            leads = roster[0][0] == ME
            word: dict[str, Any] = (
                {"round": uuid.uuid4().hex, "roster": ids(roster)} if leads else heard(roster[0]) or {}
            )
            if word.get("round") not in (None, left) and word["roster"] == ids(roster):
                break
        time.sleep(PAUSE)
    rank = ids(roster).index(ME)
    node = ["--node-rank", str(rank), "--master-addr", roster[0][1], "--master-port", E["MASTER_PORT"]]
    node += [] if leads else ["--headless"]
    put("engine.args", (CONFIG / "engine.args").read_text() + "".join(f"{each}\n" for each in node))
    # The card with the default route: the others of a machine have no addresses.
    routes = [row.split() for row in Path(E.get("ROUTES", "/proc/net/route")).read_text().splitlines()]
    card = next(route[0] for route in routes if route[1] == "00000000")
    here = f"VLLM_HOST_IP={roster[rank][1]}\nGLOO_SOCKET_IFNAME={card}\nNCCL_SOCKET_IFNAME={card}\n"
    put("engine.env", (CONFIG / "engine.env").read_text() + here)
    put("leader.env", f"LEADER={roster[0][1]}\n")
    system("stop", "genai-forward.socket", "genai-forward.service")
    if not leads:
        system("start", "genai-forward.socket")
    tell(round=word["round"], roster=ids(roster), left=left)


def lost(mine: dict[str, Any], roster: list[list[str]]) -> bool:
    # Whether the round that this machine is in has ended somewhere else.
    if ids(roster) != mine["roster"]:
        return True
    if roster[0][0] == ME:
        return any((heard(other) or {}).get("left") == mine["round"] for other in roster[1:])
    word = heard(roster[0])
    return word is not None and word.get("round") != mine["round"]


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{E['HEALTH_PORT']}/health", timeout=5):
            return True
    except OSError:
        return False


def watch() -> None:
    server = http.server.ThreadingHTTPServer((E.get("LISTEN", ""), PORT), Teller)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known: list[str] = []
    since, strikes = time.monotonic(), 0
    while True:
        time.sleep(PAUSE)
        try:
            roster = count()
        except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
            say(f"the machines cannot be counted: {error}")
            continue
        if ids(roster) != known or not roster or answers():
            known, since = ids(roster), time.monotonic()
        if time.monotonic() - since > float(E["PATIENCE_SECONDS"]):
            # Nobody can tell which machine is at fault, so all of them go, and new ones come.
            say("all machines are here and the model does not answer: giving this one up")
            system("poweroff")
            return
        mine = own()
        strikes = strikes + 1 if mine.get("round") and lost(mine, roster) else 0
        if strikes == 2:
            say("a machine or its engine was lost: starting again")
            strikes = 0
            over()
            system("--no-block", "restart", "genai-engine.service")


class Teller(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = json.dumps(own()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        pass


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def put(name: str, text: str) -> None:
    (STATE / name).write_text(text)


def system(*words: str) -> None:
    subprocess.run(["systemctl", *words], check=True)  # noqa: S603, S607 - our own words


if __name__ == "__main__":
    {"join": join, "leave": over, "watch": watch}[sys.argv[1]]()
