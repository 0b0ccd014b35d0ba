"""
Runs MiniStack with what Bedrock's jobs need of it and it lacks (1.5.33), in its own interpreter.

- Tasks that read objects, their digests and a folder in S3, and answers that are streams or bytes.
- Jobs that go on: a job is in progress at the first looks and ends soon after the second, well or badly by what lies in
  the bucket. A model is there once its import has ended, and an evaluation has written its marks.
"""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


def main() -> None:
    """Put it in place, then start as the local cloud does."""
    from tools.local_cloud.ministack_launcher import __main__ as launcher
    from tools.local_cloud.ministack_launcher import corrections

    apply = corrections.apply

    def with_jobs() -> None:
        apply()
        _read_streams()
        _let_jobs_go_on()

    corrections.apply = with_jobs
    launcher.main()


def _read_streams() -> None:
    from tools.local_cloud.ministack_launcher.corrections import step_functions

    step_functions.SERVICES["s3"] = ("s3", "S3")
    told = step_functions._told

    def read(shape: Any, value: Any) -> Any:
        content = value.read() if hasattr(value, "read") else value
        return content.decode() if isinstance(content, bytes) else told(shape, content)

    step_functions._told = read


def _let_jobs_go_on() -> None:
    from ministack.services import bedrock

    create, models = bedrock._create_model_import_job, bedrock._imported_models

    def import_without_a_model_yet(body: Any) -> Any:
        before = set(models)
        answer = create(body)
        for arn in set(models) - before:
            models.pop(arn)
        return answer

    bedrock._create_model_import_job = import_without_a_model_yet
    for name, jobs, end in (
        ("_get_model_import_job", bedrock._model_import_jobs, _end_import),
        ("_get_model_customization_job", bedrock._model_customization_jobs, _end_customization),
        ("_get_model_invocation_job", bedrock._model_invocation_jobs, _end_batch),
        ("_get_evaluation_job", bedrock._evaluation_jobs, _end_evaluation),
    ):
        setattr(bedrock, name, _going_on(getattr(bedrock, name), jobs, end))


def _going_on(get: Callable[[str], Any], jobs: Any, end: Callable[[dict[str, Any]], None]) -> Callable[[str], Any]:
    def look(identifier: str) -> Any:
        for job in jobs.values():
            if identifier in (job["JobArn"], job["JobName"]) and job["Status"] == "InProgress":
                job["Looks"] = job.get("Looks", 0) + 1
                if job["Looks"] == 2:
                    # Off the event loop, which has to answer what is read and written meanwhile.
                    threading.Thread(target=contextvars.copy_context().run, args=(_finish, job, end)).start()
        return get(identifier)

    return look


def _finish(job: dict[str, Any], end: Callable[[dict[str, Any]], None]) -> None:
    try:
        end(job)
    except (ClientError, KeyError, ValueError) as error:
        job["FailureMessage"] = str(error)
    job["Status"] = "Failed" if "FailureMessage" in job else "Completed"


def _end_import(job: dict[str, Any]) -> None:
    from ministack.services import bedrock

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


def _end_customization(job: dict[str, Any]) -> None:
    if not _keys(job["TrainingDataConfig"]["s3Uri"], ""):
        job["FailureMessage"] = "the training data is not there"
        return
    job["OutputModelArn"] = f"{job['JobArn'].rpartition(':')[0]}:custom-model/amazon.nova-lite-v1:0/abcdef123456"


def _end_batch(job: dict[str, Any]) -> None:
    records = _lines(job["InputDataConfig"]["s3InputDataConfig"]["s3Uri"])
    wrong = sum("modelInput" not in record for record in records)
    job |= {"TotalRecordCount": len(records), "ErrorRecordCount": wrong, "SuccessRecordCount": len(records) - wrong}


def _end_evaluation(job: dict[str, Any]) -> None:
    """Write marks: 1 where the reference stands in the answer that the record brings along, 0 where it does not."""
    measured = job["EvaluationConfig"]["automated"]["datasetMetricConfigs"][0]
    marks = [
        {
            "inputRecord": record,
            "automatedEvaluationResult": {
                "scores": [
                    {"metricName": name, "result": float(record["referenceResponse"] in record["answer"])}
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
    from tools.local_cloud.ministack_launcher.api import client_of

    return client_of("s3")


if __name__ == "__main__":
    main()
