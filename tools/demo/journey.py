"""The demo's steps, each of which can also be taken by a test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

from genai_layers.cli.evaluate import Evaluation
from genai_layers.settings import load
from tools.demo import deployment, knowledge, people, questions
from tools.local_cloud.inventory import everything, keys_pending_deletion
from tools.local_cloud.limits import LIMITS

if TYPE_CHECKING:
    from tools.demo.cdk import Cdk
    from tools.demo.deployment import Deployment
    from tools.demo.people import SignedIn
    from tools.demo.progress import Progress
    from tools.demo.questions import ChatApi, Reply
    from tools.local_cloud import LocalCloud
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.inventory import Thing

_OK = 200
_UNAUTHORIZED = 401


class JourneyError(RuntimeError):
    """Something that the demo shows did not happen."""


@dataclass(slots=True)
class Journey:
    """
    One run of the demo on one cloud.

    Args:
        cloud: The running cloud.
        clients: Its clients.
        cdk: The CDK CLI.
        progress: Where to tell.
    """

    cloud: LocalCloud
    clients: Clients
    cdk: Cdk
    progress: Progress

    def bootstrap(self) -> frozenset[Thing]:
        """Bootstrap the account; what exists afterwards is what must be left in the end."""
        self.cdk.bootstrap()
        return everything(self.clients)

    def deploy(self) -> Deployment:
        """Deploy every stack."""
        self.cdk.deploy()
        deployed = deployment.read(self.clients)
        for stack, resources in deployed.resources.items():
            self.progress.say(f"{deployment.PREFIX}{stack}: {resources.total()} resources")
        return deployed

    def ingest(self, deployed: Deployment) -> knowledge.Ingested:
        """Upload the documents and wait for their ingestion."""
        bucket = deployed.output("Platform", "DocumentBucketName")
        names = knowledge.upload(self.clients, bucket, self.cloud.layout.root / "examples" / "documents")
        self.progress.say(f"uploaded {len(names)} documents: {', '.join(names)}")
        ingested = knowledge.ingest(
            self.clients,
            deployed.output("Platform", "IngestionStateMachineArn"),
            deployed.output("Platform", "KnowledgeBaseId"),
            deployed.output("Platform", "DataSourceId"),
        )
        self.progress.say(
            f"{ingested.runs} runs of the state machine's job (uploads start their own), "
            f"{ingested.scanned} documents scanned, {ingested.indexed} indexed"
        )
        if ingested.failed or ingested.indexed != len(names):
            raise JourneyError(
                f"{ingested.indexed} of {len(names)} documents are indexed, {ingested.failed} could not be read"
            )
        return ingested

    def sign_in(self, deployed: Deployment) -> SignedIn:
        """Create a user and sign in with a code from an authenticator app."""
        signed_in = people.sign_in(
            self.clients,
            deployed.output("Application", "UserPoolId"),
            deployed.output("Application", "UserPoolClientId"),
        )
        for what, error in signed_in.refusals:
            self.progress.say(f"{what}: refused with {error}")
        self.progress.say(
            f"{signed_in.username} is signed in with a password, which was proved and not sent, and a code"
        )
        return signed_in

    def ask(self, api: ChatApi, signed_in: SignedIn) -> list[Reply]:
        """Ask every question, one of them forbidden, and once without a token."""
        replies = [self._answered(api, question, signed_in) for question in questions.QUESTIONS]
        stopped = api.ask(questions.FORBIDDEN_QUESTION, signed_in.access_token)
        self.progress.console.print(f"\n   [bold]{questions.FORBIDDEN_QUESTION}[/]")
        if stopped.status != _OK or not stopped.body.get("stopped_by_guardrail"):
            raise JourneyError(f"the guardrail did not stop the question: {stopped.status} {dict(stopped.body)}")
        self.progress.say(f"[red]stopped by the guardrail:[/] {stopped.body['answer']}")
        anonymous = api.ask(questions.QUESTIONS[0], None)
        if anonymous.status != _UNAUTHORIZED:
            raise JourneyError(f"a question without a token was answered with {anonymous.status}")
        self.progress.console.print()
        self.progress.say(f"the same API without a token: HTTP {anonymous.status} {anonymous.body.get('message', '')}")
        return [*replies, stopped, anonymous]

    def _answered(self, api: ChatApi, question: str, signed_in: SignedIn) -> Reply:
        pieces: list[str] = []
        self.progress.console.print(f"\n   [bold]{question}[/]")
        reply = api.listen(question, signed_in.access_token, heard=pieces.append)
        if reply.body["event"] != "answer":
            raise JourneyError(f"the question was answered with {reply.status}: {dict(reply.body)}")
        self.progress.say(f"[green]{_literal(reply.body['answer'])}[/]")
        for number, citation in enumerate(reply.body["citations"], start=1):
            name = str(citation["source"]).rsplit("/", 1)[-1]
            self.progress.say(f"[dim]{_literal(f'[{number}]')} {name}, score {citation['score']}[/]")
        if not reply.body["citations"]:
            raise JourneyError(f"the answer cites nothing: {reply.body['answer']}")
        if not pieces:
            raise JourneyError(f"the answer came whole, though it was asked for piece by piece: {reply.body['answer']}")
        usage = reply.body["usage"]
        self.progress.say(
            f"[dim]told in {len(pieces)} pieces while it was written; {usage['input_tokens']} tokens in, "
            f"{usage['output_tokens']} tokens out, USD {usage['usd']}[/]"
        )
        return reply

    def evaluate(self) -> dict[str, Any]:
        """Ask the golden set of the documents, as a pipeline would before a deploy counts."""
        root = self.cloud.layout.root
        settings = load("local", root / "stacks" / "environments", {})
        found = Evaluation(settings, self.clients, poll_seconds=0.5).run(root)
        measures = found["measures"]
        told = ", ".join(
            f"{name.replace('_', ' ')} {measures[name]:.2f}"
            for name in ("retrieval_hit_rate", "citation_correctness", "right_answers", "refusals", "false_refusals")
        )
        self.progress.say(f"{found['cases']} questions: {told}")
        self.progress.say(f"p95 {measures['p95_ms']:.0f} ms, USD {measures['usd']:.6f}; report {found['report']}")
        for fault in (*found["below"], *found["wrong"]):
            self.progress.say(_literal(fault))
        if not found["passed"]:
            raise JourneyError(f"the answers are not good enough: {'; '.join(found['below'])}")
        return found

    def show_resources(self, deployed: Deployment) -> None:
        """Print what was created, by layer, stack and type."""
        table = Table(title="Created", title_justify="left")
        for column in ("layer", "stack", "resources", "of which"):
            table.add_column(column, justify="right" if column == "resources" else "left")
        total: Counter[str] = Counter()
        for stack, layer in sorted(deployment.LAYERS.items(), key=lambda entry: entry[1]):
            resources = deployed.resources.get(stack, Counter())
            total += resources
            most = ", ".join(f"{count} {kind.removeprefix('AWS::')}" for kind, count in resources.most_common(8))
            table.add_row(layer, stack, str(resources.total()), most)
        table.add_section()
        table.add_row("all", "", str(total.total()), f"{len(total)} types")
        self.progress.show(table)

    def show_limits(self) -> None:
        """Print what the local cloud does not do for real."""
        table = Table(title="Not real here", title_justify="left")
        table.add_column("what the local cloud does")
        table.add_column("what proves it instead")
        for limit in LIMITS:
            table.add_row(limit.gap, limit.proof)
        self.progress.show(table)

    def destroy(self, before: frozenset[Thing]) -> frozenset[Thing]:
        """
        Destroy every stack.

        Returns:
            frozenset[Thing]: What exists now and did not exist before; empty when nothing is left.
        """
        self.cdk.destroy()
        left = everything(self.clients) - before
        for kind, count in sorted(Counter(thing.kind for thing in keys_pending_deletion(self.clients)).items()):
            self.progress.say(f"{count} {kind}s wait for their erasure, as KMS demands")
        for thing in sorted(left):
            self.progress.say(f"[red]left behind: {thing.kind} {thing.id}[/]")
        if not left:
            self.progress.say("both emulators hold what they held before the deploy, and nothing else")
        return left


def _literal(text: str) -> str:
    """Text whose square brackets are not markup."""
    return text.replace("[", r"\[")
