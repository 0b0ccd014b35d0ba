"""Asking a candidate: the test set that was meant, the checks, and answers of one version only."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from botocore.exceptions import ClientError

from genai_layers.runtime.promotion.asking import CandidateMovedError
from genai_layers.runtime.promotion.handler import examine
from genai_layers.runtime.promotion.question_set import QuestionSetError, read

PROMPT = {"version_arn": "arn:prompt:1", "guardrail_id": "g1", "guardrail_version": "2"}
FLOW = {"flow_id": "FLOW123456", "alias_id": "ALIAS12345", "input_node": "Question", "version": "2"}


class Cloud:
    """Answers as S3 and Bedrock do; a question is answered with itself, turned round by *said*."""

    def __init__(self, *records, said=str, versions=("2", "2"), ended="SUCCESS"):
        self.file = "\n".join(json.dumps(record) for record in records).encode()
        self.said, self.versions, self.ended = said, list(versions), ended
        self.written: list[dict] = []
        self.requests: list[dict] = []

    def __call__(self, _service):
        return self

    def get_object(self, **_):
        return {"Body": io.BytesIO(self.file)}

    def put_object(self, **request):
        self.written = [json.loads(line) for line in request["Body"].decode().splitlines()]

    def converse(self, **request):
        self.requests.append(request)
        text = self.said(request["promptVariables"]["question"]["text"])
        return {"output": {"message": {"content": [{"text": text}]}}}

    def invoke_flow(self, **request):
        self.requests.append(request)
        document = self.said(request["inputs"][0]["content"]["document"])
        told = [{"flowOutputEvent": {"content": {"document": document}}}]
        return {"responseStream": [*told, {"flowCompletionEvent": {"completionReason": self.ended}}]}

    def get_flow_alias(self, **_):
        return {"routingConfiguration": [{"flowVersion": self.versions.pop(0)}]}

    def examined(self, candidate, exact_share=1.0, sha256=None):
        return examine(
            {
                "candidate": candidate,
                "test_set": {
                    "bucket": "b",
                    "key": "k",
                    "sha256": sha256 or hashlib.sha256(self.file).hexdigest(),
                },
                "answers": {"bucket": "b", "key": "a"},
                "source": "candidate",
                "exact_share": exact_share,
            },
            self,
        )


def asked(text, **checks):
    """Return a record for a prompt with one variable."""
    return {"input": {"question": text}, "reference": "Paris", **checks}


def test_a_prompt_is_asked_as_callers_ask_it():
    """By its version, with variables and with the guardrail."""
    cloud = Cloud(asked("Paris", contains=["Paris"], equals="Paris", matches="^P", lacks=["Lyon"]))

    verdict = cloud.examined(PROMPT)

    (request,) = cloud.requests
    assert verdict == {"passed": True, "records": 1, "share": 1.0, "faults": []}
    assert request["modelId"] == "arn:prompt:1"
    assert request["guardrailConfig"] == {"guardrailIdentifier": "g1", "guardrailVersion": "2"}


def test_answers_are_left_for_the_judge_in_the_words_of_the_service():
    """With the good answer beside them, by the name that the evaluation gives their source."""
    cloud = Cloud(asked("Paris"))
    cloud.examined(PROMPT)

    assert cloud.written == [
        {
            "prompt": '{"question": "Paris"}',
            "referenceResponse": "Paris",
            "modelResponses": [{"response": "Paris", "modelIdentifier": "candidate"}],
        }
    ]


@pytest.mark.parametrize(
    ("checks", "fault"),
    [
        ({"contains": ["Paris", "France"]}, "lacks 'Paris'"),
        ({"lacks": ["Lyon"]}, "holds 'Lyon'"),
        ({"equals": "Paris"}, "is not 'Paris'"),
        ({"matches": "^P"}, "does not match '^P'"),
    ],
)
def test_an_answer_that_breaks_a_check_is_told_by_its_record(checks, fault):
    """The first reasons go into the cause of the execution."""
    verdict = Cloud(asked("Lyon", **checks)).examined(PROMPT)

    assert not verdict["passed"]
    assert f"record 1: the answer {fault}" in verdict["faults"]


def test_a_share_of_the_questions_may_be_wrong_when_that_was_said():
    """Two of three are enough for 0.6 and too few for 0.7."""
    records = [asked("Paris", contains=["P"]), asked("Pau", contains=["P"]), asked("Lyon", contains=["P"])]

    assert Cloud(*records).examined(PROMPT, 0.6)["passed"]
    assert not Cloud(*records).examined(PROMPT, 0.7)["passed"]


def test_a_question_that_gets_no_answer_has_failed_and_the_others_are_asked():
    """A guardrail, a throttle or a broken variable is no reason to say nothing of the rest."""

    def refuse(text):
        if text == "Lyon":
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "Converse")
        return text

    verdict = Cloud(asked("Lyon"), asked("Paris"), {"input": "no variables"}, said=refuse).examined(PROMPT)

    assert (verdict["records"], round(verdict["share"], 2)) == (3, 0.33)
    assert "gave no answer" in verdict["faults"][0]
    assert "give the variables of the prompt" in verdict["faults"][1]


def test_many_reasons_are_counted():
    """A cause has room for some thousand characters."""
    verdict = Cloud(*[asked("Lyon", equals="Paris")] * 30).examined(PROMPT)

    assert (len(verdict["faults"]), verdict["faults"][-1]) == (21, "10 more")


def test_a_flow_is_asked_through_the_alias_of_its_newest_version():
    """At the node that it begins with."""
    cloud = Cloud({"input": "Paris", "contains": ["Paris"]})

    assert cloud.examined(FLOW)["passed"]
    (request,) = cloud.requests
    assert request["flowAliasIdentifier"] == "ALIAS12345"
    assert request["inputs"][0] == {
        "nodeName": "Question",
        "nodeOutputName": "document",
        "content": {"document": "Paris"},
    }


@pytest.mark.parametrize("versions", [("1", "2"), ("2", "3")], ids=["before", "while"])
def test_answers_of_two_versions_promote_none(versions):
    """A deploy that runs beside the job would promote what was never asked."""
    with pytest.raises(CandidateMovedError, match="and 2 is to be promoted: start again"):
        Cloud({"input": "Paris"}, versions=versions).examined(FLOW)


def test_a_flow_that_did_not_end_well_gave_no_answer():
    """Its output before the end is half of one."""
    verdict = Cloud({"input": "Paris"}, ended="INPUT_REQUIRED").examined(FLOW)

    assert verdict["faults"] == ["record 1: gave no answer: the flow ended with INPUT_REQUIRED"]


def test_another_test_set_is_refused():
    """Whoever can change the questions can pass any answer."""
    cloud = Cloud(asked("Paris"))

    with pytest.raises(QuestionSetError, match="was meant: put the test set that was reviewed"):
        cloud.examined(PROMPT, sha256="0" * 64)
    assert cloud.requests == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{}", "line 1: it has no 'input'"),
        ("[]", "line 1: it has no 'input'"),
        ("{", "line 1: Expecting property name"),
        ('{"input": 1, "colour": 2}', "'colour' is not known: choose from contains, equals"),
        ('{"input": 1, "equals": 2}', "'equals' is 2: give a text"),
        ('{"input": 1, "contains": "Paris"}', "'contains' is 'Paris': give a list of texts"),
        ('{"input": 1, "matches": "("}', "'matches' is no regular expression"),
        ("", "the test set has 0 records, allowed are 1 to 500"),
    ],
)
def test_a_test_set_that_cannot_be_asked_says_where(line, fault):
    """By line."""
    with pytest.raises(QuestionSetError, match=None) as raised:
        read(line.encode(), hashlib.sha256(line.encode()).hexdigest())

    assert fault in str(raised.value)
