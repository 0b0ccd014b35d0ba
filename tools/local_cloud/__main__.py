"""`python -m tools.local_cloud start|stop|status`: a cloud that outlives the command."""

from __future__ import annotations

import argparse
import sys

from tools.local_cloud.cloud import LocalCloud
from tools.local_cloud.errors import LocalCloudError
from tools.local_cloud.layout import Layout


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 not running, 2 refused."""
    parser = argparse.ArgumentParser(prog="python -m tools.local_cloud", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status"))
    parser.add_argument("--name", default="default", help="which cloud, when there are several (default: default)")
    parser.add_argument("--enforce-iam", action="store_true", help="check every request against IAM policies")
    chosen = parser.parse_args(arguments)
    layout = Layout.of_checkout(chosen.name)
    try:
        if chosen.command == "start":
            return _start(layout, enforce_iam=chosen.enforce_iam)
        if chosen.command == "stop":
            return _stop(layout)
        return _status(layout)
    except LocalCloudError as error:
        print(error, file=sys.stderr)
        return 2


def _start(layout: Layout, *, enforce_iam: bool) -> int:
    cloud = LocalCloud(layout, enforce_iam=enforce_iam).start()
    print(f"the local cloud runs at {cloud.endpoint}; point a shell at it with:")
    for name, value in sorted(cloud.environment().items()):
        if name.startswith(("AWS_", "CDK_", "NODE_")):
            print(f"  export {name}={value}")
    return 0


def _stop(layout: Layout) -> int:
    cloud = LocalCloud.attach(layout)
    if cloud is None:
        print("no local cloud is running")
        return 0
    cloud.stop()
    print("the local cloud is stopped")
    return 0


def _status(layout: Layout) -> int:
    cloud = LocalCloud.attach(layout)
    if cloud is None:
        print("no local cloud is running")
        return 1
    print(f"the local cloud runs at {cloud.endpoint}")
    for server in cloud.running_servers():
        print(f"  {server.name}: process {server.pid}, log {server.log}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
