"""
One ingestion for the uploads of a minute.

Each upload is one event. An execution is named after the minute of the upload, and a name is used once: the first
upload of a minute starts it, the others find it there. It waits that minute out before it starts the job, so
every upload of the minute is read, however late its event arrives.
"""

from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.start_once import start_once


def request_steps(scope: Construct, machine: sfn.IStateMachine) -> sfn.IChainable:
    """
    Return the definition that asks for an ingestion.

    Args:
        scope: The construct that the steps belong to.
        machine: What ingests.
    """
    # "2026-11-25T12:04:33Z" -> upload-2026-11-25T12-04
    parts = "States.StringSplit($.time, ':')"
    name = sfn.JsonPath.string_at(
        f"States.Format('upload-{{}}-{{}}', States.ArrayGetItem({parts}, 0), States.ArrayGetItem({parts}, 1))"
    )
    return start_once(scope, machine, name=name, input='{"upload":true}')
