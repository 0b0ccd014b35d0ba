"""What the tests of the table share: a client that needs no account, and an exchange to keep."""

from __future__ import annotations

from typing import Any

import botocore.session

from genai_layers.runtime.chat.model import Exchange, Passage, Usage

ID = "0" * 32


def client() -> Any:
    """Return a client of DynamoDB."""
    return botocore.session.get_session().create_client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


def exchange(at_ms: int = 1, *, usage: Usage | None = None) -> Exchange:
    """Return an exchange of that millisecond."""
    return Exchange(
        at_ms=at_ms,
        question=f"question {at_ms}",
        answer="28 days [1].",
        citations=(Passage(text="Leave", source="s3://docs/leave.md", score=0.25),),
        usage=usage or Usage(input_tokens=10, output_tokens=2, usd=None),
        is_stopped=False,
    )
