"""
Jobs of Bedrock that go on, and end.

MiniStack 1.5.33 leaves a job in progress for ever, and has an imported model before its import has ended. Here a job
is in progress at the first looks and ends soon after the second, well or badly by what lies in the bucket.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import bedrock

from tools.local_cloud.ministack_launcher.corrections import job_ends


def apply() -> None:
    """Let jobs be in progress for two looks, and end by what they were given."""
    create, models = bedrock._create_model_import_job, bedrock._imported_models

    def import_without_a_model_yet(body: Any) -> Any:
        before = set(models)
        answer = create(body)
        for arn in set(models) - before:
            models.pop(arn)
        return answer

    bedrock._create_model_import_job = import_without_a_model_yet
    for name, jobs, end in (
        ("_get_model_import_job", bedrock._model_import_jobs, job_ends.end_import),
        ("_get_model_customization_job", bedrock._model_customization_jobs, job_ends.end_customization),
        ("_get_model_invocation_job", bedrock._model_invocation_jobs, job_ends.end_batch),
        ("_get_evaluation_job", bedrock._evaluation_jobs, job_ends.end_evaluation),
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
