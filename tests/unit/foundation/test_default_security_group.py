"""What closes a default security group takes its rules, always answers, and harms nothing on the way out."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from genai_layers.runtime.default_security_group import answer as answering
from genai_layers.runtime.default_security_group import handler as handling
from genai_layers.runtime.default_security_group.close import close

ANYONE = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
MEMBERS = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}


class Groups:
    """EC2 with one group, in memory."""

    def __init__(self, incoming: list[dict[str, Any]], outgoing: list[dict[str, Any]]) -> None:
        self.incoming, self.outgoing = incoming, outgoing

    def describe_security_groups(self, **request: Any) -> dict[str, Any]:
        """Return the group, or say that there is none."""
        if request["GroupIds"] != ["sg-1"]:
            fault = {"Error": {"Code": "InvalidGroup.NotFound", "Message": "no such group"}}
            raise ClientError(fault, "DescribeSecurityGroups")
        return {"SecurityGroups": [{"IpPermissions": self.incoming, "IpPermissionsEgress": self.outgoing}]}

    def revoke_security_group_ingress(self, **request: Any) -> dict[str, Any]:
        """Take rules, as EC2 does only for rules that are there."""
        self.incoming = [rule for rule in self.incoming if rule not in request["IpPermissions"]]
        return {"Return": True}

    def revoke_security_group_egress(self, **request: Any) -> dict[str, Any]:
        """Take rules, as EC2 does only for rules that are there."""
        self.outgoing = [rule for rule in self.outgoing if rule not in request["IpPermissions"]]
        return {"Return": True}


class Answers(list[dict[str, Any]]):
    """What CloudFormation was told."""

    def take(self, request: Any, timeout: float) -> "Answers":
        """Stand in for the network."""
        assert timeout < 60
        self.append({"url": request.full_url, "method": request.method, **json.loads(request.data)})
        return self

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answers that would have gone to CloudFormation."""
    told = Answers()
    monkeypatch.setattr(answering.urllib.request, "urlopen", told.take)
    return told


def _event(kind: str, group_id: str = "sg-1", **more: str) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": "https://example.com/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Closed",
        "ResourceProperties": {"DefaultSecurityGroupId": group_id},
        **more,
    }


def _run(monkeypatch: pytest.MonkeyPatch, groups: Groups, event: dict[str, Any]) -> None:
    monkeypatch.setattr(handling.clients, "client", lambda _service: groups)
    handling.handler(event, None)


def test_every_rule_is_taken() -> None:
    """Both the rules that AWS puts there and any that someone added are gone."""
    groups = Groups([MEMBERS, ANYONE], [ANYONE])

    assert close("sg-1", groups) == 3
    assert (groups.incoming, groups.outgoing) == ([], [])


def test_a_closed_group_stays_as_it_is() -> None:
    """A second run asks for nothing, which EC2 would refuse."""
    assert close("sg-1", Groups([], [])) == 0


def test_create_closes_the_group_and_names_it(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """The physical id is the id of the group, so that another network's group is another resource."""
    groups = Groups([MEMBERS], [ANYONE])

    _run(monkeypatch, groups, _event("Create"))

    (told,) = answers
    assert (told["Status"], told["PhysicalResourceId"], told["method"]) == ("SUCCESS", "sg-1", "PUT")
    assert (groups.incoming, groups.outgoing) == ([], [])


def test_update_closes_again(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """Rules that were added since are taken too."""
    groups = Groups([ANYONE], [])

    _run(monkeypatch, groups, _event("Update", PhysicalResourceId="sg-1"))

    assert answers[0]["Status"] == "SUCCESS"
    assert groups.incoming == []


def test_delete_of_an_old_group_changes_nothing(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """After a replacement or a rollback the delete is for the old id; the living group is not touched."""
    groups = Groups([MEMBERS], [ANYONE])

    _run(monkeypatch, groups, _event("Delete", PhysicalResourceId="sg-0"))

    assert (answers[0]["Status"], answers[0]["PhysicalResourceId"]) == ("SUCCESS", "sg-0")
    assert (groups.incoming, groups.outgoing) == ([MEMBERS], [ANYONE])


def test_delete_of_a_group_that_is_gone_succeeds(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """The stack can always be deleted."""
    _run(monkeypatch, Groups([], []), _event("Delete", "sg-gone", PhysicalResourceId="sg-gone"))

    assert answers[0]["Status"] == "SUCCESS"


def test_a_failure_is_told_with_its_cause(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """CloudFormation shows the group and what EC2 said, instead of waiting for an hour."""
    _run(monkeypatch, Groups([], []), _event("Create", "sg-unknown"))

    (told,) = answers
    assert told["Status"] == "FAILED"
    assert told["Reason"].startswith("sg-unknown: ")
    assert "no such group" in told["Reason"]
