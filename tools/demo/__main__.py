"""`python -m tools.demo [--keep] [--enforce-iam]`."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from tools.demo import page
from tools.demo.cdk import Cdk, CdkError
from tools.demo.deployment import OutputError
from tools.demo.journey import Journey, JourneyError
from tools.demo.knowledge import IngestionError
from tools.demo.people import SignInError
from tools.demo.progress import Progress
from tools.demo.questions import ChatApi
from tools.local_cloud import Layout, LocalCloud, LocalCloudError
from tools.local_cloud.clients import Clients
from tools.local_cloud.environment import certificate

if TYPE_CHECKING:
    from tools.demo.people import SignedIn

_FAULTS = (
    BotoCoreError,
    CdkError,
    ClientError,
    IngestionError,
    JourneyError,
    LocalCloudError,
    OutputError,
    SignInError,
)
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; 0 when everything went well and nothing is left, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description="Deploy, use and destroy everything.")
    parser.add_argument("--keep", action="store_true", help="leave it running and print the address of the page")
    parser.add_argument("--enforce-iam", action="store_true", help="check every request against IAM policies")
    parser.add_argument("--name", default="default", help="which local cloud, when there are several")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    progress = Progress()
    cloud = LocalCloud(Layout.of_checkout(chosen.name), enforce_iam=chosen.enforce_iam)
    kept = False
    try:
        kept = _run(cloud, progress, keep=chosen.keep)
    except _FAULTS as fault:
        progress.console.print(f"\n[bold red]{type(fault).__name__}[/]")
        progress.console.print(str(fault), markup=False)
        progress.summary()
        return 1
    except KeyboardInterrupt:
        progress.console.print("\n[bold red]interrupted[/]")
        return _INTERRUPTED
    finally:
        if not kept:
            cloud.stop()
    progress.summary()
    return 0


def _run(cloud: LocalCloud, progress: Progress, *, keep: bool) -> bool:
    """Take every step; whether the cloud was left running."""
    with progress.step("Check what is installed"):
        cloud.layout.require()
        progress.say("two emulators, Node, the CDK CLI and the packages of the project")
    with progress.step("Start the local cloud"):
        cloud.start()
        progress.say(f"AWS APIs at {cloud.endpoint}, no account and no Docker")
        if cloud.enforce_iam:
            progress.say("every request is checked against IAM policies")
        _tell_model(cloud, progress)
    clients = Clients(cloud)
    journey = Journey(cloud=cloud, clients=clients, cdk=Cdk(cloud=cloud, tell=progress.say), progress=progress)
    with progress.step("cdk bootstrap"):
        before = journey.bootstrap()
    with progress.step("cdk deploy --all -c environment=local"):
        deployed = journey.deploy()
    with progress.step("Upload and ingest the documents"):
        journey.ingest(deployed)
    with progress.step("Create a user, enrol a second factor, sign in"):
        signed_in = journey.sign_in(deployed)
    api = ChatApi(cloud, deployed.output("Application", "ApiUrl"))
    with progress.step("Ask over HTTP"):
        journey.ask(api, signed_in)
        _tell_model(cloud, progress)
    with progress.step("Evaluate: ask the golden set, and hold the answers against thresholds"):
        journey.evaluate()
    with progress.step("What was created, and what is not real"):
        journey.show_resources(deployed)
        journey.show_limits()
    if keep:
        with progress.step("Serve the web page, invite a user"):
            served = page.start(cloud, deployed)
            invited = page.invite(clients, deployed.output("Application", "UserPoolId"))
        _tell_kept(cloud, api, signed_in, progress)
        _tell_page(served, invited, progress)
        return True
    with progress.step("cdk destroy --all --force, and look for leftovers"):
        left = journey.destroy(before)
        if left:
            raise JourneyError(f"{len(left)} things are left behind")
    with progress.step("Stop the local cloud"):
        cloud.stop()
        progress.say("no process is left")
    return False


def _tell_model(cloud: LocalCloud, progress: Progress) -> None:
    if cloud.model_is_stand_in:
        progress.warn("answers come from a stand-in that quotes passages, not from a model; LOCAL_MODEL_URL names one")
    else:
        progress.say(f"answers come from the model at {cloud.chosen_model_url}")


def _tell_kept(cloud: LocalCloud, api: ChatApi, signed_in: SignedIn, progress: Progress) -> None:
    trust = f" --cacert {certificate(cloud.layout)}" if cloud.enforce_iam else ""
    command = (
        f"curl{trust} -H 'Host: {api.host}' -H 'Content-Type: application/json' "
        f"-H 'Authorization: Bearer {signed_in.access_token}' "
        f'-d \'{{"question": "How steep is the steepest section?"}}\' {cloud.endpoint}/chat'
    )
    progress.console.print("\n[bold]The local cloud keeps running.[/]")
    progress.say(f"API: {cloud.endpoint}/chat with the header `Host: {api.host}`")
    progress.say("ask it, as long as the token lives (15 minutes):")
    progress.console.print(command, markup=False)
    progress.say(f"AWS APIs: {cloud.endpoint}")
    progress.say(f"stop it with: python -m tools.local_cloud stop --name {cloud.layout.home.name}")


def _tell_page(served: page.PageServer, invited: page.Invited, progress: Progress) -> None:
    progress.console.print(f"\n[bold]The page: {served.url}[/]")
    progress.say(f"sign in as {invited.username} with the password {invited.password}")
    progress.say("it asks for a password of your own and for an authenticator app on your phone")


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
