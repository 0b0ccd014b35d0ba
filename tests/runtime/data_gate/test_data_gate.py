"""The gate before a training: approval, lineage, and what is then trained on."""

from __future__ import annotations

from typing import Any

import pytest
from gate_fakes import BASE, GOOD, HELD, PLACES, RULES, RUN, Buckets, approve, lines, offer, report, verdict

from genai_layers.runtime.data_gate import handler as entry
from genai_layers.runtime.data_gate.gate import BaseModel, judge
from genai_layers.runtime.data_gate.manifest import ManifestError
from genai_layers.runtime.data_gate.rules import Rules, RulesError


def test_a_good_data_set_passes_and_is_copied_for_the_training(buckets: Buckets) -> None:
    """The training reads a copy that only the gate writes."""
    offer(buckets, lines(GOOD), lines(HELD))

    answer = verdict(buckets)

    assert (answer["passed"], answer["reasons"]) == (True, [])
    assert answer["records"] == {"train": 40, "held_out": 10}
    assert buckets.newest("data", f"approved/{RUN}/train/a.jsonl") == lines(GOOD)
    assert report(buckets)["passed"] is True


def test_what_is_written_after_the_check_is_not_trained_on(buckets: Buckets) -> None:
    """The version that was read is the one that is copied, whatever comes in between."""
    offer(buckets, lines(GOOD), lines(HELD))
    copied = buckets.copied

    def swapped(bucket: str, key: str, version_id: str, to: str) -> None:
        buckets.put(bucket, key, b"poison")
        copied(bucket, key, version_id, to)

    buckets.copied = swapped  # type: ignore[method-assign]
    verdict(buckets)

    assert buckets.newest("data", f"approved/{RUN}/train/a.jsonl") == lines(GOOD)


def test_a_file_that_changed_after_its_approval_is_stopped(buckets: Buckets) -> None:
    """Somebody with the right to write cannot slip a record past the reviewer."""
    offer(buckets, lines(GOOD), lines(HELD))
    buckets.put("data", "incoming/tickets/train/a.jsonl", lines([*GOOD, {"prompt": "p", "completion": "c"}]))

    answer = verdict(buckets)

    assert answer["passed"] is False
    assert "train/a.jsonl is not what was approved" in answer["reasons"][0]


def test_a_file_that_nobody_approved_is_stopped(buckets: Buckets) -> None:
    """An extra file in the folder is named."""
    offer(buckets, lines(GOOD), lines(HELD))
    buckets.put("data", "incoming/tickets/train/extra.jsonl", lines(GOOD))

    assert "1 files that nobody approved: train/extra.jsonl" in verdict(buckets)["reasons"][0]


def test_an_approved_file_that_is_gone_is_named(buckets: Buckets) -> None:
    """Nothing is trained on half of what was approved."""
    offer(buckets, lines(GOOD), lines(HELD))
    approve(buckets, {"train/b.jsonl": "0" * 64, "train/a.jsonl": "0" * 64, "held_out/a.jsonl": "0" * 64})

    assert "1 approved files are missing: train/b.jsonl" in verdict(buckets)["reasons"][0]


def test_the_digest_of_the_data_is_the_same_for_the_same_files(buckets: Buckets) -> None:
    """Lineage: the same data has the same digest in every run, other data another."""
    offer(buckets, lines(GOOD), lines(HELD))
    first = verdict(buckets)["data_sha256"]
    again = verdict(buckets)["data_sha256"]
    offer(buckets, lines(GOOD[1:]), lines(HELD))

    assert first == again
    assert verdict(buckets)["data_sha256"] != first


def test_the_digest_of_the_base_model_follows_its_files_and_not_its_place(buckets: Buckets) -> None:
    """A copy elsewhere is the same model; one changed file is another."""
    offer(buckets, lines(GOOD), lines(HELD))
    buckets.put("copies", "here/model.safetensors", b"weights")
    first = verdict(buckets)["base_model_sha256"]
    elsewhere = verdict(buckets, base=BaseModel(identity="tiny 1", bucket="copies", prefix="here/"))
    buckets.put("models", "tiny/model.safetensors", b"weightz")

    assert elsewhere["base_model_sha256"] == first
    assert verdict(buckets)["base_model_sha256"] != first


def test_a_base_model_that_is_not_the_pinned_one_is_stopped(buckets: Buckets) -> None:
    """A swapped model never reaches the training."""
    offer(buckets, lines(GOOD), lines(HELD))
    pinned = BaseModel(identity="tiny 1", bucket="models", prefix="tiny/", sha256="0" * 64)

    assert "base model tiny 1 is not the one that was pinned" in verdict(buckets, base=pinned)["reasons"][0]


def test_a_base_model_without_files_is_stopped(buckets: Buckets) -> None:
    """A wrong prefix would otherwise train from nothing."""
    offer(buckets, lines(GOOD), lines(HELD))

    assert verdict(buckets, base=BaseModel(identity="x", bucket="models", prefix="y/"))["reasons"] == [
        "base model x has no files"
    ]


def test_a_base_model_of_aws_is_known_by_its_name(buckets: Buckets) -> None:
    """It cannot be listed, so its identity is what is written down."""
    offer(buckets, lines(GOOD), lines(HELD))

    assert len(verdict(buckets, base=BaseModel(identity="jumpstart x 1.0.0"))["base_model_sha256"]) == 64


@pytest.mark.parametrize(
    ("key", "content", "message"),
    [
        ("approved/x/approved.json", b"{}", "is no approval"),
        ("incoming/x/../y/approved.json", b"{}", "is no approval"),
        ("incoming/x/other.json", b"{}", "is no approval"),
        ("incoming/x/approved.json", b"{", "is no JSON"),
        ("incoming/x/approved.json", b"[]", "names no files"),
        ("incoming/x/approved.json", b'{"files": {"a.jsonl": "00"}}', "must be train/<name>.jsonl"),
        ("incoming/x/approved.json", b'{"files": {"train/../b.jsonl": "%s"}}' % (b"0" * 64), "must be train/"),
    ],
)
def test_an_approval_that_says_something_else_is_an_error(
    buckets: Buckets, key: str, content: bytes, message: str
) -> None:
    """Nothing is guessed."""
    buckets.put("data", key, content)

    with pytest.raises(ManifestError, match=message):
        judge(RUN, key, RULES, BASE, PLACES, buckets)


@pytest.mark.parametrize("text", ["{", "[]", '{"shape": 1}', '{"forbidden_patterns": ["("]}'])
def test_rules_that_cannot_be_read_are_an_error(text: str) -> None:
    """A typing error must not turn a check off."""
    with pytest.raises(RulesError, match="rules"):
        Rules.parse(text)


@pytest.mark.parametrize("event", [{}, {"run": "x", "manifest": "y"}, {"run": RUN, "manifest": None}])
def test_an_event_that_names_no_approval_is_an_error(event: dict[str, Any]) -> None:
    """By hand one forgets it."""
    with pytest.raises(ManifestError, match="start with"):
        entry.handler(event, None)
