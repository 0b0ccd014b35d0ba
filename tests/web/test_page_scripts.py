"""The scripts of the page, each by itself."""

from __future__ import annotations

import hashlib
import random
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import zxingcpp

from tests.web.conftest import SCRIPTS
from tests.web.qr_reader import read
from tools.demo.secure_remote_password import PasswordProof


@pytest.mark.parametrize("file", sorted(path.name for path in SCRIPTS.glob("*.test.mjs")))
def test_what_node_says(node: str, file: str) -> None:
    """Sign-in, session, API and text behave as their own tests say."""
    done = subprocess.run(
        [node, "--test", "--test-reporter=spec", str(SCRIPTS / file)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_password_is_proved_as_another_implementation_proves_it(run_script: Callable[[str, Any], Any]) -> None:
    """Twenty sign-ins give the same public values and signatures in the browser's code and in Python's."""
    chance = random.Random(5054)  # noqa: S311 -- not a secret
    cases, expected = [], []
    for number in range(20):
        pool, password = f"eu-west-1_Pool{number}", f"Pässwort-{chance.random()}"
        secret = chance.getrandbits(1024)
        challenge = {
            "USER_ID_FOR_SRP": f"user-{number}",
            # Every fourth begins with a set bit or with zeros, where padding goes wrong.
            "SRP_B": f"{chance.getrandbits(3071) | (1 << 3070 if number % 2 else 1):x}",
            "SALT": f"{chance.getrandbits(128 - (number % 4) * 5):x}",
            "SECRET_BLOCK": "c2VjcmV0IGJsb2Nr",
        }
        at = datetime(2026, 1 + number % 12, 1 + number, 3, 4, 5, tzinfo=UTC)
        proof = PasswordProof(pool, password, secret)
        cases.append(
            {"pool": pool, "password": password, "secret": str(secret), "challenge": challenge, "at": at.isoformat()}
        )
        expected.append({"public": proof.public_value, **proof.answer(challenge, at)})

    assert run_script("prove.mjs", cases) == expected


def test_a_server_that_would_learn_the_password_is_refused(node: str) -> None:
    """A public value of zero would make the shared secret one that anybody knows."""
    script = (
        f"const {{ PasswordProof }} = await import('{(SCRIPTS / 'page.mjs').as_uri()}')"
        ".then(({ JS }) => import(new URL('srp.js', JS)));"
        "const zero = { USER_ID_FOR_SRP: 'u', SRP_B: '0', SALT: 'a', SECRET_BLOCK: '' };"
        "await new PasswordProof('r_P', 'p').answer(zero).then(() => process.exit(0), () => process.exit(7));"
    )

    assert subprocess.run([node, "--input-type=module", "-e", script], check=False).returncode == 7


def test_every_size_of_qr_code_can_be_read(run_script: Callable[[str, Any], Any]) -> None:
    """Texts that just fit and just do not fit a version, to the largest."""
    chance = random.Random(18004)  # noqa: S311 -- not a secret
    lengths = [
        1,
        14,
        15,
        26,
        27,
        42,
        62,
        84,
        106,
        122,
        123,
        152,
        180,
        213,
        251,
        287,
        331,
        362,
        412,
        450,
        504,
        560,
        624,
        666,
    ]
    texts = ["".join(chance.choices("abcXYZ0189:/?&=%-_", k=length)) for length in lengths]
    texts.append("otpauth://totp/Ümläut:grace@example.com?secret=ABCDEFGH")

    drawn = run_script("draw.mjs", texts)

    codes = [read(rows) for rows in drawn]
    assert [code.text for code in codes] == texts
    assert {code.format for code in codes} == {zxingcpp.BarcodeFormat.QRCode}
    assert len({len(rows) for rows in drawn}) == 20, "every version from 1 to 20 was drawn"


def test_a_qr_code_survives_a_blot(run_script: Callable[[str, Any], Any]) -> None:
    """The correction codewords are right: a reader makes up for a hidden corner."""
    text = "otpauth://totp/Chat:grace@example.com?secret=" + hashlib.sha256(b"seed").hexdigest().upper()
    (rows,) = run_script("draw.mjs", [text])
    size = len(rows)
    blotted = [
        "".join(
            "1" if size // 2 <= x < size // 2 + 7 and size // 2 <= y < size // 2 + 7 else row[x] for x in range(size)
        )
        for y, row in enumerate(rows)
    ]

    assert blotted != rows
    assert read(blotted).text == text
