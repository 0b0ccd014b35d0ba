"""Asks a model that may be asleep: the first request wakes it up, and the next ones wait."""

import json
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import ClientError

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, PATIENCE_SECONDS = 5, 60, 15 * 60


def is_waking_up(error: ClientError) -> bool:
    """Return whether the model has no copy yet: that error passes, others do not."""
    told = error.response["Error"]
    return told["Code"] == "ValidationError" and "capacity" in told["Message"].lower()


def ask(client: Any, endpoint: str, component: str, question: str) -> str:
    """
    Return the answer of a model, however long its start takes.

    Args:
        client: Client of `sagemaker-runtime`.
        endpoint: Name of the endpoint.
        component: Name of the inference component.
        question: What to ask.

    Raises:
        TimeoutError: It did not wake up in a quarter of an hour.
    """
    body = json.dumps({"inputs": question, "parameters": {"max_new_tokens": 256}})
    pause, waited = FIRST_PAUSE_SECONDS, 0
    while waited < PATIENCE_SECONDS:
        try:
            answer = client.invoke_endpoint(
                EndpointName=endpoint, InferenceComponentName=component, ContentType="application/json", Body=body
            )
        except ClientError as error:
            if not is_waking_up(error):
                raise
            print(f"the model is being started, asking again in {pause} seconds", file=sys.stderr)
            time.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, LONGEST_PAUSE_SECONDS)
            continue
        return str(answer["Body"].read().decode())
    raise TimeoutError(f"{component} did not wake up in {PATIENCE_SECONDS // 60} minutes")


if __name__ == "__main__":
    print(ask(boto3.client("sagemaker-runtime"), *sys.argv[1:4]))
