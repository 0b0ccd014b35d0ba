"""The kinds of multi-node fleet that tests look at, and their boot files as they land on a machine."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from inference_estate import REASON, Estate, fill, user_data

from genai_layers import testing
from genai_layers.inference import Capacity
from genai_layers.inference.multi_node import MultiNodeFleet

LARGE = "llama-3.1-405b"


class GroupEstate(Estate):
    """An estate whose network has what a multi-node fleet needs."""

    def group(self, id: str = "Fleet", **changed: Any) -> MultiNodeFleet:
        """Return a fleet of one group in plain HTTP that differs from the simplest one in *changed*."""
        self.network.require(*MultiNodeFleet.REQUIRED_ENDPOINTS)
        props: dict[str, Any] = {
            "vpc": self.network.vpc,
            "subnets": self.network.isolated,
            "machine_subnet": self.network.vpc.isolated_subnets[0],
            "key": self.key.key,
            "model": LARGE,
            "weights": self.weights.bucket,
            "weights_prefix": LARGE,
            "access_logs": self.logs.bucket,
            "log_retention": logs.RetentionDays.ONE_YEAR,
            "plaintext_reason": REASON,
        }
        return MultiNodeFleet(self.stack, id, **{**props, **changed})


def _placed(estate: GroupEstate) -> None:
    place = ec2.PlacementGroup.from_placement_group_name(estate.stack, "Place", "reserved-here")
    estate.group(
        instance_type="p5en.48xlarge",
        machines=2,
        placement_group=place,
        capacity=Capacity.reserved("cr-0123456789abcdef0"),
    )


GROUP_VARIANTS: Mapping[str, Callable[[GroupEstate], object]] = {
    "default": lambda estate: estate.group(),
    "h100": lambda estate: estate.group(instance_type="p5.48xlarge", groups=2),
    "b300": lambda estate: estate.group(instance_type="p6-b300.48xlarge", machines=2),
    "a100": lambda estate: estate.group(instance_type="p4d.24xlarge", max_model_len=131_072),
    "block": lambda estate: estate.group(
        instance_type="p5.48xlarge", capacity=Capacity.capacity_block("cr-0123456789abcdef0")
    ),
    "reserved": _placed,
    "https": lambda estate: estate.group(
        plaintext_reason=None, certificate=estate.certificate, domain_name="models.example.com"
    ),
    "nobody-yet": lambda estate: estate.group(groups=0),
    "notified": lambda estate: estate.group(notifications=sns.Topic(estate.stack, "Topic", master_key=estate.key.key)),
}
"""Every kind of multi-node fleet that a test looks at, by name."""


def group_files(template: testing.Template) -> dict[str, str]:
    """Return the files that a machine of a group writes at launch, unpacked, by path."""
    document = json.loads(user_data(template).split("\n", 1)[1])
    bundle, *values = document["write_files"]
    files: dict[str, str] = json.loads(gzip.decompress(base64.b64decode(bundle["content"])))
    return files | {file["path"]: file["content"] for file in values}


def launch_data(template: testing.Template) -> dict[str, Any]:
    """Return the launch template's data with its references filled in."""
    (resource,) = testing.resources(template, "AWS::EC2::LaunchTemplate").values()
    data: dict[str, Any] = fill(resource["Properties"]["LaunchTemplateData"])
    return data
