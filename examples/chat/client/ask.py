"""
Ask the chat from a terminal.

    python ask.py --api https://abc.execute-api.eu-central-1.amazonaws.com --pool eu-central-1_AbC --client 1example \\
        --user ada@example.com "How many days of leave do I have?"
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import urllib.error
import urllib.request
import uuid
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from sign_in import User, sign_in

SECONDS = 30
"""Longest wait for an answer: a second more than the API itself waits."""


def main() -> int:
    """Sign in, ask, print the answer with its sources; return 0, or 1 where there is no answer."""
    parser = argparse.ArgumentParser(description="Ask the chat from a terminal.")
    for name, what in (
        ("--api", "address of the API"),
        ("--pool", "id of the user pool"),
        ("--client", "id of the app client"),
        ("--user", "your e-mail address"),
    ):
        parser.add_argument(name, required=True, help=what)
    parser.add_argument("question")
    given = parser.parse_args()
    cognito = boto3.client(
        "cognito-idp", region_name=given.pool.split("_")[0], config=Config(signature_version=UNSIGNED)
    )
    user = User(
        name=given.user,
        password=getpass.getpass("Password: "),
        new_password=lambda: getpass.getpass("Choose a new password: "),
        enrol=lambda secret: input(f"Add {secret} to your authenticator app. Its code: "),
        code=lambda: input("Code of your authenticator app: "),
    )
    tokens = sign_in(cognito, pool_id=given.pool, client_id=given.client, user=user)
    status, answer = ask(given.api, tokens["AccessToken"], given.question)
    if status != 200:
        print(f"{status} {answer['error']['message']}", file=sys.stderr)
        return 1
    print(answer["answer"])
    for number, citation in enumerate(answer["citations"], start=1):
        print(f"[{number}] {citation['source']}")
    return 0


def ask(api: str, token: str, question: str) -> tuple[int, Any]:
    """
    Return status and body of the response to *question*.

    Args:
        api: Address of the API.
        token: Access token.
        question: What to ask.
    """
    request = urllib.request.Request(  # noqa: S310 -- an address that the user gave
        f"{api}/chat",
        data=json.dumps({"question": question}).encode(),
        headers={
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
            # If the answer is lost on the way, the same key fetches it again without asking the model twice.
            "idempotency-key": str(uuid.uuid4()),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


if __name__ == "__main__":
    sys.exit(main())
