"""
What a job of Bedrock comes to, by what lies in the bucket that it was given.

No model is trained and none judges: weights with a configuration make a model, records are counted, and an answer is
right where the good answer stands in it.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import bedrock

from tools.local_cloud.ministack_launcher.api import client_of


def end_import(job: dict[str, Any]) -> None:
    """Make the model, where the folder holds a configuration."""
    uri = job["ModelDataSource"]["s3DataSource"]["s3Uri"]
    if not _keys(uri, "config.json"):
        job["FailureMessage"] = f"{uri} holds no config.json"
        return
    arn = bedrock._arn("imported-model", job["JobArn"].rpartition("/")[2])
    job["ImportedModelArn"] = arn
    bedrock._imported_models[arn] = {
        "ModelArn": arn,
        "ModelName": job["ImportedModelName"],
        "JobArn": job["JobArn"],
        "JobName": job["JobName"],
        "CreationTime": job["CreationTime"],
    }


def end_customization(job: dict[str, Any]) -> None:
    """Name a model, where the training data is there."""
    if not _keys(job["TrainingDataConfig"]["s3Uri"], ""):
        job["FailureMessage"] = "the training data is not there"
        return
    job["OutputModelArn"] = f"{job['JobArn'].rpartition(':')[0]}:custom-model/amazon.nova-lite-v1:0/abcdef123456"


def end_batch(job: dict[str, Any]) -> None:
    """Count the records, and those that hold no request."""
    records = _lines(job["InputDataConfig"]["s3InputDataConfig"]["s3Uri"])
    wrong = sum("modelInput" not in record for record in records)
    job |= {"TotalRecordCount": len(records), "ErrorRecordCount": wrong, "SuccessRecordCount": len(records) - wrong}


def end_evaluation(job: dict[str, Any]) -> None:
    """Write marks: 1 where the reference stands in the answer that the record brings along, 0 where it does not."""
    measured = job["EvaluationConfig"]["automated"]["datasetMetricConfigs"][0]
    marks = [
        {
            "inputRecord": record,
            "automatedEvaluationResult": {
                "scores": [
                    {"metricName": name, "result": float(record["referenceResponse"] in _answer(record))}
                    for name in measured["metricNames"]
                ]
            },
        }
        for record in _lines(measured["dataset"]["datasetLocation"]["s3Uri"])
    ]
    bucket, prefix = _place(job["OutputDataConfig"]["s3Uri"])
    _s3().put_object(
        Bucket=bucket,
        Key=f"{prefix}{job['JobName']}/models/m/taskTypes/General/datasets/dataset/one_output.jsonl",
        Body="\n".join(json.dumps(mark) for mark in marks).encode(),
    )


def _answer(record: dict[str, Any]) -> str:
    given = record.get("modelResponses")
    return str(given[0]["response"] if given else record["answer"])


def _keys(uri: str, name: str) -> list[str]:
    bucket, prefix = _place(uri)
    found = _s3().list_objects_v2(Bucket=bucket, Prefix=f"{prefix}{name}").get("Contents", [])
    return [each["Key"] for each in found]


def _lines(uri: str) -> list[dict[str, Any]]:
    bucket, key = _place(uri)
    text = _s3().get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _place(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _s3() -> Any:
    return client_of("s3")
