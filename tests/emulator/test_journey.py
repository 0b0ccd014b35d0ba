"""
The whole application, deployed once by the ordinary CDK CLI with IAM enforced, used over HTTP, and destroyed.

A permission that a role lacks fails here, and so does anything that a destroy leaves behind.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from genai_layers.preflight.leftovers import leftovers
from tools.demo import questions
from tools.demo.cdk import Cdk
from tools.demo.journey import Journey
from tools.demo.progress import Progress
from tools.demo.questions import ChatApi
from tools.local_cloud import Layout, LocalCloud
from tools.local_cloud.clients import Clients
from tools.local_cloud.inventory import keys_pending_deletion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.demo.deployment import Deployment
    from tools.demo.people import SignedIn
    from tools.demo.questions import Reply

pytestmark = pytest.mark.emulator


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The deployed application and a user of it."""

    journey: Journey
    deployed: Deployment
    signed_in: SignedIn
    api: ChatApi

    def ask(self, question: str) -> Reply:
        """Ask as the user."""
        return self.api.ask(question, self.signed_in.access_token)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The application with its documents ingested and a user signed in; destroyed afterwards, to the last thing."""
    layout = Layout(root=Layout.of_checkout().root, home=tmp_path_factory.mktemp("journey") / "home")
    told = StringIO()
    progress = Progress(console=Console(file=told))
    with LocalCloud(layout, enforce_iam=True) as cloud:
        clients = Clients(cloud)
        journey = Journey(cloud=cloud, clients=clients, cdk=Cdk(cloud=cloud, tell=progress.say), progress=progress)
        before = journey.bootstrap()
        deployed = journey.deploy()
        journey.ingest(deployed)
        signed_in = journey.sign_in(deployed)
        yield Live(
            journey=journey,
            deployed=deployed,
            signed_in=signed_in,
            api=ChatApi(cloud, deployed.output("Application", "ApiUrl")),
        )
        standing = leftovers("local", clients)
        left = journey.destroy(before)
        # MiniStack 1.5.33 keeps the tags of a table that it deleted; `destroy` has looked for the table itself.
        staying = [one.arn for one in leftovers("local", clients) if one.stays and ":dynamodb:" not in one.arn]
        waiting = keys_pending_deletion(clients)
        clients.close()
    assert not left, f"left behind: {sorted(left)}"
    assert {one.stack for one in standing if one.is_of_a_living_stack} >= {"security", "platform", "application"}
    assert staying == [], "genai-layers leftovers tells of what the local cloud does not have"
    assert waiting, "the keys of the application were not even scheduled for deletion"


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        (questions.QUESTIONS[0], "05-winter-service.md", "75 kilometres per hour"),
        (questions.QUESTIONS[1], "06-fares-and-tickets.txt", "120 crowns"),
        (questions.QUESTIONS[2], "03-rolling-stock.pdf", "205 kilowatts"),
    ],
)
def test_a_question_is_answered_from_its_document(live: Live, question: str, document: str, words: str) -> None:
    """Markdown, text and PDF are all found, and the answer cites where it stands and says what it cost."""
    reply = live.ask(question)

    assert reply.status == 200, reply.body
    assert words in reply.body["answer"]
    assert [citation["source"].rsplit("/", 1)[-1] for citation in reply.body["citations"]] == [document]
    assert reply.body["usage"]["input_tokens"] > reply.body["usage"]["output_tokens"] > 0
    assert 0 < float(reply.body["usage"]["usd"]) < 0.01


def test_the_guardrail_stops_what_the_environment_denies(live: Live) -> None:
    """A denied word ends the question before any model sees it, and no passage is shown."""
    reply = live.ask(questions.FORBIDDEN_QUESTION)

    assert (reply.status, reply.body["stopped_by_guardrail"], reply.body["citations"]) == (200, True, [])


def test_an_answer_is_heard_while_it_is_written(live: Live) -> None:
    """The pieces are how the answer begins that counts, and the guardrail stops a stream as well."""
    pieces: list[str] = []
    token = live.signed_in.access_token

    told = live.api.listen(questions.QUESTIONS[0], token, heard=pieces.append)
    stopped = live.api.listen(questions.FORBIDDEN_QUESTION, token, heard=[].append)

    assert told.body["event"] == "answer"
    assert len(pieces) > 1
    assert told.body["answer"].startswith("".join(pieces))
    assert stopped.body["stopped_by_guardrail"]


def test_a_wrong_password_or_code_is_refused(live: Live) -> None:
    """The password is proved without being sent, and neither enrolment nor sign-in takes another app's code."""
    assert [error for _, error in live.signed_in.refusals] == [
        "NotAuthorizedException",
        "EnableSoftwareTokenMFAException",
        "CodeMismatchException",
    ]


@pytest.mark.parametrize("token", [None, "not.a.token", "tampered"])
def test_without_a_valid_token_nothing_is_answered(live: Live, token: str | None) -> None:
    """No token, a made-up one and one with another signature are all refused."""
    if token == "tampered":
        head, body, signature = live.signed_in.access_token.split(".")
        token = f"{head}.{body}.{signature[:-8]}AAAAAAAA"

    assert live.api.ask(questions.QUESTIONS[0], token).status == 401


def test_a_conversation_can_be_read_again(live: Live) -> None:
    """What was asked and answered is kept for the user who asked."""
    asked = live.ask(questions.QUESTIONS[1])

    kept = live.api.send("GET", f"/conversations/{asked.body['conversation_id']}", live.signed_in.access_token)

    assert kept.status == 200
    assert asked.body["answer"] in json.dumps(kept.body, ensure_ascii=False)


def test_what_was_deployed_has_the_settings_of_the_template(live: Live) -> None:
    """Encryption, backups and access are read back from the services, not from the template."""
    clients = live.journey.clients
    bucket = live.deployed.output("Platform", "DocumentBucketName")
    table = live.deployed.output("Application", "ConversationTableName")
    pool = live.deployed.output("Application", "UserPoolId")

    (rule,) = clients("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    backups = clients("dynamodb").describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    directory = clients("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]

    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert directory["MfaConfiguration"] == "ON"
    assert directory["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]


def test_the_golden_set_is_asked_and_its_report_is_kept(live: Live) -> None:
    """By a role of its own that reads no conversation; the report names every question and is not written over."""
    found = live.journey.evaluate()

    bucket, _, key = found["report"].removeprefix("s3://").partition("/")
    s3 = live.journey.clients("s3")
    report = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    assert (found["passed"], found["below"], found["wrong"]) == (True, [], [])
    assert found["cases"] == len(report["answers"]) > 10
    assert report["evaluated"]["guardrail"].startswith(live.deployed.output("Platform", "GuardrailId"))
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}", IfNoneMatch="*")


def test_an_update_publishes_a_new_guardrail_and_the_application_uses_it(live: Live) -> None:
    """Another denied word makes a new version, the function takes it up, and the old questions still work."""
    question = "What does the brass coin at the summit house buy?"
    before = live.ask(question)
    journey = live.journey
    context = {**journey.cdk.context, "platform.guardrail.denied_words": '["skeleton key", "brass coin"]'}

    updated = Journey(
        cloud=journey.cloud,
        clients=journey.clients,
        cdk=Cdk(cloud=journey.cloud, tell=journey.progress.say, context=context),
        progress=journey.progress,
    ).deploy()

    assert updated.output("Platform", "GuardrailId") == live.deployed.output("Platform", "GuardrailId")
    assert updated.output("Platform", "GuardrailVersion") != live.deployed.output("Platform", "GuardrailVersion")
    assert (before.body["stopped_by_guardrail"], live.ask(question).body["stopped_by_guardrail"]) == (False, True)
    assert not live.ask(questions.QUESTIONS[0]).body["stopped_by_guardrail"]


def test_a_failed_update_of_a_stack_goes_back(live: Live) -> None:
    """A resource that cannot be made takes the stack back to what it was."""
    cloudformation = live.journey.clients("cloudformation")
    name = "GenAi-local-Network"
    template = cloudformation.get_template(StackName=name)["TemplateBody"]
    body = template if isinstance(template, dict) else json.loads(template)
    doors = len(live.journey.clients("ec2").describe_vpc_endpoints()["VpcEndpoints"])
    broken = {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Name": "broken", "BlockedInputMessaging": "no"}}
    body["Resources"]["Broken"] = broken

    cloudformation.update_stack(StackName=name, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_NAMED_IAM"])
    while (status := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith("PROGRESS"):
        time.sleep(0.1)

    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert doors > 2
    assert len(live.journey.clients("ec2").describe_vpc_endpoints()["VpcEndpoints"]) == doors
