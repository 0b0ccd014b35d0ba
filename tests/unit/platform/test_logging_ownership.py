"""The function that owns the logging setting: what it takes, what it refuses, and what it gives back."""

from __future__ import annotations

import io
import json

import pytest
from botocore.exceptions import ClientError

from genai_layers.runtime.invocation_logging import handler
from genai_layers.runtime.invocation_logging.aws import LONGEST_WAIT_SECONDS, AccountSetting, BucketMemory
from genai_layers.runtime.invocation_logging.ownership import ConflictError, give_back, take


def configuration(group: str, bucket: str | None = None) -> dict:
    """Return a configuration that goes to a log group, and to a bucket if one is named."""
    made = {"cloudWatchConfig": {"logGroupName": group, "roleArn": "role"}, "textDataDeliveryEnabled": True}
    return {**made, "s3Config": {"bucketName": bucket}} if bucket else made


OURS = configuration("ours")
THEIRS = configuration("theirs", "their-bucket")


class Setting:
    """The setting of an account, in memory."""

    def __init__(self, current=None):
        self.current = current

    def get(self):
        return self.current

    def put(self, configuration):
        self.current = configuration

    def delete(self):
        self.current = None


class Memory:
    """A memory, in memory."""

    def __init__(self, kept=None):
        self.kept = kept

    def save(self, configuration):
        self.kept = configuration

    def load(self):
        return self.kept


class Bedrock:
    """A client that refuses a number of times before it accepts."""

    def __init__(self, refusals=0, code="ValidationException"):
        self.refusals, self.code, self.put = refusals, code, None

    def put_model_invocation_logging_configuration(self, **request):
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "Put")
        self.put = request["loggingConfig"]

    def get_model_invocation_logging_configuration(self):
        return {} if self.put is None else {"loggingConfig": self.put}


class S3:
    """A client with one object, or none."""

    def __init__(self, error=None):
        self.body, self.error = None, error

    def put_object(self, **request):
        self.body = request["Body"]

    def get_object(self, **_):
        if self.body is None:
            raise ClientError({"Error": {"Code": self.error or "NoSuchKey", "Message": "no"}}, "Get")
        return {"Body": io.BytesIO(self.body)}


def event(kind: str, wanted=OURS, *, adopt="false", old=None) -> dict:
    """Return what CloudFormation sends."""
    made = {"RequestType": kind, "ResourceProperties": {"Configuration": json.dumps(wanted), "Adopt": adopt}}
    return {**made, "OldResourceProperties": {"Configuration": json.dumps(old)}} if old else made


def test_a_free_setting_is_taken():
    """Where nothing is set, ours is, and nothing is remembered."""
    setting, memory = Setting(), Memory()

    assert take(OURS, setting, memory, adopt=False) == "set"
    assert (setting.current, memory.kept) == (OURS, None)


def test_the_setting_of_somebody_else_is_refused_and_left_as_it_is():
    """The message says where the log goes and what can be done."""
    setting = Setting(THEIRS)

    with pytest.raises(ConflictError, match="goes to log group theirs and bucket their-bucket already: give adopt"):
        take(OURS, setting, Memory(), adopt=False)

    assert setting.current == THEIRS


def test_the_setting_of_somebody_else_is_kept_when_it_is_taken_over_and_put_back_at_the_end():
    """After the stack is gone the account logs as it did before."""
    setting, memory = Setting(THEIRS), Memory()

    assert take(OURS, setting, memory, adopt=True) == "taken over"
    assert (setting.current, memory.kept) == (OURS, THEIRS)
    assert give_back(OURS, setting, memory) == "restored"
    assert setting.current == THEIRS


def test_a_repeated_request_changes_nothing_and_forgets_nothing():
    """CloudFormation may ask twice; our own setting is no conflict, and what was kept stays kept."""
    setting, memory = Setting(OURS), Memory(THEIRS)

    assert take(OURS, setting, memory, adopt=True) == "set"
    assert memory.kept == THEIRS


def test_an_update_to_another_destination_is_no_conflict():
    """What we had set until now is ours, also where the new destination differs."""
    setting = Setting(OURS)
    wanted = configuration("ours", "our-bucket")

    assert take(wanted, setting, Memory(), adopt=False, before=OURS) == "set"
    assert setting.current == wanted


def test_an_update_notices_that_somebody_else_came_in_between():
    """A setting that was changed behind our back is not overwritten by our next deploy."""
    with pytest.raises(ConflictError):
        take(OURS, Setting(THEIRS), Memory(), adopt=False, before=OURS)


def test_nothing_is_left_where_nothing_was():
    """Without a setting before us, there is none after us."""
    setting = Setting(OURS)

    assert give_back(OURS, setting, Memory()) == "deleted"
    assert setting.current is None


@pytest.mark.parametrize("current", [THEIRS, None], ids=["another owner", "nothing"])
def test_a_deletion_touches_only_what_is_ours(current):
    """The deletion that follows a refused creation, and one after somebody else took over, change nothing."""
    setting = Setting(current)

    assert give_back(OURS, setting, Memory(THEIRS)) == "left alone"
    assert setting.current == current


def test_requests_of_cloudformation_lead_to_the_right_act():
    """Create takes, an update knows what was before, and delete gives back."""
    setting, memory = Setting(), Memory()
    wanted = configuration("ours", "our-bucket")

    assert handler.act(event("Create"), setting, memory) == "set"
    assert handler.act(event("Update", wanted, old=OURS), setting, memory) == "set"
    assert handler.act(event("Delete", wanted), setting, memory) == "deleted"
    setting.current = THEIRS
    assert handler.act(event("Create", adopt="true"), setting, memory) == "taken over"


def test_a_role_that_is_not_known_everywhere_yet_is_waited_for():
    """The service tries the role at once; a refusal is tried again with growing pauses."""
    bedrock, pauses = Bedrock(refusals=3), []

    AccountSetting(bedrock, pauses.append).put(OURS)

    assert bedrock.put == OURS
    assert pauses == [2.0, 4.0, 8.0]


def test_waiting_ends_and_the_refusal_is_told():
    """A setting that the service never accepts fails loudly, within the time of the function."""
    pauses = []

    with pytest.raises(ClientError, match="ValidationException"):
        AccountSetting(Bedrock(refusals=999), pauses.append).put(OURS)

    assert LONGEST_WAIT_SECONDS <= sum(pauses) < 150


def test_other_refusals_are_told_at_once():
    """A missing permission does not go away by waiting."""
    pauses = []

    with pytest.raises(ClientError, match="AccessDenied"):
        AccountSetting(Bedrock(refusals=1, code="AccessDeniedException"), pauses.append).put(OURS)

    assert pauses == []


def test_an_account_without_a_setting_is_told_from_one_with():
    """The service leaves the member out where nothing is set."""
    bedrock = Bedrock()
    setting = AccountSetting(bedrock)

    assert setting.get() is None
    setting.put(OURS)
    assert setting.get() == OURS


def test_the_memory_keeps_what_it_was_given():
    """What was kept comes back as it was, and nothing where nothing was."""
    memory = BucketMemory(S3(), bucket="records", key="previous")

    assert memory.load() is None
    memory.save(THEIRS)
    assert memory.load() == THEIRS


def test_a_memory_that_cannot_be_read_is_no_empty_one():
    """A denial must not look like "nothing was there", or the old setting would be lost."""
    with pytest.raises(ClientError, match="AccessDenied"):
        BucketMemory(S3(error="AccessDenied"), bucket="records", key="previous").load()


def test_the_outcome_is_told_to_cloudformation(monkeypatch):
    """A conflict is a failure with its message; the id is the same for success and failure."""
    told = []
    monkeypatch.setattr(handler, "answer", lambda event, **outcome: told.append(outcome))
    monkeypatch.setattr(handler.clients, "client", lambda name: None)
    monkeypatch.setattr(handler, "AccountSetting", lambda client: Setting(THEIRS))
    monkeypatch.setattr(handler, "BucketMemory", lambda client, **place: Memory())
    asked = event("Create")
    asked["ResourceProperties"] |= {"MemoryBucket": "records", "MemoryKey": "previous"}

    handler.handler(asked, None)
    asked["ResourceProperties"]["Adopt"] = "true"
    handler.handler(asked, None)

    assert "goes to log group theirs" in told[0].pop("fault")
    assert told == [{"physical_id": handler.PHYSICAL_ID}] * 2
