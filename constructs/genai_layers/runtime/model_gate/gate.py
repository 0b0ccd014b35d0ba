"""The gate: is the tuned model good enough, not worse, and all there?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ..data_gate.lineage import of_objects
from ..data_gate.objects import Objects
from .card import card
from .standards import Evaluation, EvaluationError, Standard


def judge(
    event: Mapping[str, Any], standards: Sequence[Standard], facts: Mapping[str, str], objects: Objects
) -> dict[str, Any]:
    """
    Compare what was measured with what must be reached, and write the judgement down.

    Args:
        event: `run`; `bucket` and `folder` of the run; `evaluation_folder` and `artifacts`, addresses as SageMaker
            gives them; `records`, how many are held out; `lineage`.
        standards: What must be reached.
        facts: What people wrote for the card.
        objects: Buckets.

    Returns:
        `passed`, `reasons`, `approval` (`Approved` only if every standard has a margin and every gain reaches it),
        `card`, `evaluation_sha256`, `artifacts_sha256`, and both addresses in full.

    Raises:
        EvaluationError: The evaluation cannot be read.
    """
    bucket = event["bucket"]
    artifacts = _folder(event["artifacts"], bucket)
    evaluation_key = f"{_folder(event['evaluation_folder'], bucket)}evaluation.json"
    measured = b"".join(objects.opened(bucket, evaluation_key).chunks)
    evaluation = Evaluation.parse(measured)
    files = objects.listed(bucket, artifacts)
    reasons = [] if files else [f"the training left no model at {artifacts}"]
    if evaluation.records != event["records"]:
        reasons.append(f"{evaluation.records} records were evaluated, {event['records']} are held out")
    pairs = [(standard, *_pair(standard, evaluation)) for standard in standards]
    for standard, base, tuned in pairs:
        reasons += standard.faults(base, tuned)
    passed = not reasons
    alone = passed and all(standard.speaks_for_itself(base, tuned) for standard, base, tuned in pairs)
    answer: dict[str, Any] = {
        "passed": passed,
        "reasons": reasons,
        "approval": "Approved" if alone else "PendingManualApproval",
        "evaluation_sha256": hashlib.sha256(measured).hexdigest(),
        "artifacts_sha256": of_objects(files, artifacts),
        "evaluation_uri": f"s3://{bucket}/{evaluation_key}",
        "artifacts_uri": f"s3://{bucket}/{artifacts}",
    }
    lineage = {
        **event["lineage"],
        "run": event["run"],
        "evaluation_sha256": answer["evaluation_sha256"],
        "artifacts_sha256": answer["artifacts_sha256"],
    }
    written = {**answer, "lineage": lineage, "base": dict(evaluation.base), "tuned": dict(evaluation.tuned)}
    objects.written(bucket, f"{event['folder']}judgement.json", written)
    return {**answer, "card": card(facts, lineage, evaluation, answer["artifacts_uri"])}


def _folder(uri: str, bucket: str) -> str:
    start = f"s3://{bucket}/"
    if not uri.startswith(start):
        raise EvaluationError(f"{uri!r} is not in the bucket of the runs, {bucket}")
    return f"{uri.removeprefix(start).rstrip('/')}/"


def _pair(standard: Standard, evaluation: Evaluation) -> tuple[float, float]:
    for which, values in (("base", evaluation.base), ("tuned", evaluation.tuned)):
        if standard.metric not in values:
            known = ", ".join(sorted(values))
            raise EvaluationError(f"{standard.metric} of the {which} model was not measured, only {known}")
    return evaluation.base[standard.metric], evaluation.tuned[standard.metric]
