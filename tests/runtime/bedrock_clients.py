"""Real clients of Amazon Bedrock, stubbed: their request validation is part of what is tested."""

from __future__ import annotations

from typing import Any

import botocore.session
from botocore.stub import Stubber

from genai_layers.runtime.chat.aws import Bedrock

Stubs = tuple[Bedrock, Stubber, Stubber]

RESPONSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "28 days "}, {"text": "[1]."}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 100, "outputTokens": 20, "totalTokens": 120},
    "metrics": {"latencyMs": 300},
}


def made(service: str) -> Any:
    """Return a client that needs no account."""
    return botocore.session.get_session().create_client(
        service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
