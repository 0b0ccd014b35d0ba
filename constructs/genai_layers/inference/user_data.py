"""
The files that make a bare machine serve a model, as a cloud-config document.

What lands on a machine is the data in `boot/` without comments and wide margins; only the small files of values that
go with it are rendered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from genai_layers.inference.errors import BootError

MAX_BYTES = 16_384
"""EC2 user guide, "Run commands at launch": limit of user data before base64."""

METRIC_NAMESPACE = "GenAiLayers/Inference"
"""CloudWatch namespace of what the engines report of themselves."""

FLEET_DIMENSION = "Fleet"
"""The one dimension of those metrics."""

_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_LONGEST_TOKEN = 140

_INDENTATION = {"py": 4, "sh": 2}
"""Spaces of one step, by suffix."""

_SCRIPTS = ("prepare.sh", "serve.sh")
_UNITS = ("genai-engine.service", "genai-probe.service", "genai-agent.service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """
    Everything a machine is told.

    Values may be CDK tokens. None may be a secret: user data is readable to whoever may describe the machine.

    Attributes:
        serving: Variables of the host's units and scripts.
        probe: Variables of the health probe.
        container: Variables of the engine's container.
        arguments: Command line of the engine, one argument each.
        log_group: Where the agent writes.
        fleet: Value of the `Fleet` dimension.
        port: Port on which the engine listens and tells its metrics.
        probe_port: Port on which the probe answers.
        published_metrics: Name in CloudWatch by name in the engine; several names may lead to one.
        latency_metric: Histogram that the probe publishes as a gauge; None for none.
        watches_spot: The machine may be taken away with two minutes' notice.
        signals_updates: CloudFormation waits for a word from the machine.
        warms: Auto Scaling waits for a word from the machine.
        mounts: Mount units that the engine waits for, by the name of their file.
    """

    serving: Mapping[str, str]
    probe: Mapping[str, str]
    container: Mapping[str, str]
    arguments: Sequence[str]
    log_group: str
    fleet: str
    port: int
    probe_port: int
    published_metrics: Mapping[str, str] = field(default_factory=dict)
    latency_metric: str | None = None
    watches_spot: bool = False
    signals_updates: bool = False
    warms: bool = False
    mounts: Sequence[str] = ()

    def cloud_config(self) -> str:
        """
        Return the document without its `#cloud-config` line: JSON, which is YAML too.

        Raises:
            BootError: A value has a line break or a quote that its file cannot carry, or all of it is too long.
        """
        scripts, units = list(_SCRIPTS), [*_UNITS, *self.mounts]
        for wanted, name in ((self.watches_spot, "drain"), (self.signals_updates, "ready"), (self.warms, "warm")):
            if wanted:
                scripts.append(f"{name}.sh")
                units.append(f"genai-{name}.service")
        files = [
            *(_file(f"/opt/genai/{name}", boot_file(name), executable=True) for name in scripts),
            _file("/opt/genai/probe.py", boot_file("probe.py")),
            *(_file(f"/etc/systemd/system/{name}", boot_file(name)) for name in units),
            _file("/etc/genai/serving.env", _unit_variables(self.serving)),
            _file("/etc/genai/probe.env", _unit_variables(self.probe)),
            _file("/etc/genai/engine.env", _container_variables(self.container)),
            _file("/etc/genai/engine.args", _arguments(self.arguments)),
            _file("/etc/genai/agent.json", _json(self._agent())),
            _file("/etc/genai/prometheus.json", _json(self._prometheus())),
        ]
        text = _json(
            {
                "write_files": files,
                "runcmd": [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "--no-block", *units]],
            }
        )
        length = user_data_bytes(text)
        if length > MAX_BYTES:
            raise BootError(
                f"user data is about {length} bytes and EC2 takes {MAX_BYTES}: give the engine fewer or shorter "
                "arguments and variables"
            )
        return text

    def _agent(self) -> Mapping[str, object]:
        names = sorted({*self.published_metrics.values(), *([self.latency_metric] if self.latency_metric else [])})
        return {
            "agent": {"run_as_user": "root"},
            "logs": {
                "logs_collected": {
                    "files": {
                        "collect_list": [
                            {
                                "file_path": "/var/log/cloud-init-output.log",
                                "log_group_name": self.log_group,
                                "log_stream_name": "{instance_id}/boot",
                            }
                        ]
                    }
                },
                "metrics_collected": {
                    "prometheus": {
                        "prometheus_config_path": "/etc/genai/prometheus.json",
                        "log_group_name": self.log_group,
                        "emf_processor": {
                            "metric_namespace": METRIC_NAMESPACE,
                            "metric_declaration": [
                                {
                                    "source_labels": [FLEET_DIMENSION],
                                    "label_matcher": ".*",
                                    "dimensions": [[FLEET_DIMENSION]],
                                    "metric_selectors": [f"^({'|'.join(names)})$"],
                                }
                            ],
                        },
                    }
                },
            },
        }

    def _prometheus(self) -> Mapping[str, object]:
        kept = "|".join(sorted({*self.published_metrics, *self.published_metrics.values()}))
        by_name = {"source_labels": ["__name__"]}
        renamed = {old: new for old, new in sorted(self.published_metrics.items()) if old != new}
        jobs = [self._job("engine", self.port, [{**by_name, "regex": kept, "action": "keep"}])]
        jobs[0]["metric_relabel_configs"] += [
            {**by_name, "regex": old, "target_label": "__name__", "replacement": new} for old, new in renamed.items()
        ]
        if self.latency_metric is not None:
            jobs.append(self._job("probe", self.probe_port, []))
        return {"global": {"scrape_interval": "30s", "scrape_timeout": "10s"}, "scrape_configs": jobs}

    def _job(self, name: str, port: int, relabel: list[dict[str, object]]) -> dict[str, Any]:
        target = {"targets": [f"127.0.0.1:{port}"], "labels": {FLEET_DIMENSION: self.fleet}}
        return {"job_name": name, "static_configs": [target], "metric_relabel_configs": relabel}


@cache
def boot_file(name: str) -> str:
    """
    Return a file of `boot/` as it lands on a machine or in a task: without comments and wide margins.

    Args:
        name: Its name.
    """
    text = resources.files("genai_layers.inference").joinpath("boot", name).read_text("utf-8")
    # User data is short of room. No boot file has a line that only looks like a comment, nor a string over several
    # lines; a test sees to it. So comments and blank lines go, and what is left is indented by one space a step.
    lines = [line for line in text.splitlines() if line.startswith("#!") or not line.lstrip().startswith("#")]
    step = _INDENTATION.get(name.rpartition(".")[2], 1)
    return "".join(f"{' ' * (_indent(line) // step)}{line.lstrip()}\n" for line in lines if line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _file(path: str, content: str, *, executable: bool = False) -> Mapping[str, str]:
    return {"path": path, "permissions": "0755" if executable else "0644", "content": content}


def _unit_variables(variables: Mapping[str, str]) -> str:
    # systemd.exec(5), EnvironmentFile=: inside single quotes nothing is expanded, and only a quote ends them.
    for name, value in variables.items():
        if "'" in value or "\n" in value:
            raise BootError(f"variable {name} is {value!r}: leave out single quotes and line breaks")
    return "".join(f"{name}='{value}'\n" for name, value in sorted(variables.items()))


def _container_variables(variables: Mapping[str, str]) -> str:
    # `docker run --env-file` takes all that follows the equals sign as it is, up to the line's end.
    for name, value in variables.items():
        if "\n" in value:
            raise BootError(f"variable {name} of the container is {value!r}: leave out line breaks")
    return "".join(f"{name}={value}\n" for name, value in sorted(variables.items()))


def _arguments(arguments: Sequence[str]) -> str:
    for argument in arguments:
        if "\n" in argument:
            raise BootError(f"argument {argument!r} of the engine has a line break: leave it out")
    return "".join(f"{argument}\n" for argument in arguments)


def user_data_bytes(text: str) -> int:
    """
    Return how long *text* is once it is deployed, at most, bytes.

    Args:
        text: User data, with tokens in it.
    """
    # What a token becomes is not known here; the longest is the ARN of a secret.
    return len(_TOKEN.sub("x" * _LONGEST_TOKEN, text).encode())


def _json(document: object) -> str:
    return json.dumps(document, separators=(",", ":"), sort_keys=False)
