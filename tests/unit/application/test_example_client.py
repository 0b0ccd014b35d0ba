"""The client of the example proves a password to a server that knows only its verifier, and enrols before it asks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import re
import secrets
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pyotp
import pytest

CLIENT = Path(__file__).resolve().parents[3] / "examples" / "chat" / "client"
POOL = "eu-central-1_AbCdEfGhI"


@pytest.fixture(scope="module")
def client() -> Any:
    """The module `sign_in` of the example, which imports `srp` from beside it."""
    sys.path.insert(0, str(CLIENT))
    try:
        return _load("sign_in")
    finally:
        sys.path.remove(str(CLIENT))


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, CLIENT / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _hex(number: int) -> bytes:
    """The number as the protocol hashes it, written down another way than the client does."""
    digits = f"{number:x}"
    digits = digits if len(digits) % 2 == 0 else f"0{digits}"
    return bytes.fromhex(f"00{digits}" if digits[0] in "89abcdef" else digits)


def _sha(*parts: bytes) -> int:
    return int(hashlib.sha256(b"".join(parts)).hexdigest(), 16)


class Directory:
    """A user pool with one user, that checks what it is sent as Cognito would."""

    def __init__(self, n: int, password: str, *, is_invited: bool = True) -> None:
        self.n, self.password, self.is_invited = n, password, is_invited
        self.salt, self.b, self.block = secrets.randbits(128), secrets.randbits(1024), secrets.token_bytes(32)
        self.secret = ""
        self.sent: list[Any] = []
        self.a = 0

    def verifier(self) -> int:
        inner = hashlib.sha256(f"AbCdEfGhIuser-1:{self.password}".encode()).digest()
        return pow(2, _sha(_hex(self.salt), inner), self.n)

    def initiate_auth(self, **request: Any) -> dict[str, Any]:
        self.sent.append(request)
        assert request["AuthFlow"] == "USER_SRP_AUTH"
        self.a = int(request["AuthParameters"]["SRP_A"], 16)
        k = _sha(_hex(self.n), _hex(2))
        public = (k * self.verifier() + pow(2, self.b, self.n)) % self.n
        return {
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeParameters": {
                "SRP_B": f"{public:x}",
                "SALT": f"{self.salt:x}",
                "SECRET_BLOCK": base64.b64encode(self.block).decode(),
                "USER_ID_FOR_SRP": "user-1",
            },
        }

    def respond_to_auth_challenge(self, **request: Any) -> dict[str, Any]:
        self.sent.append(request)
        answers = request["ChallengeResponses"]
        match request["ChallengeName"]:
            case "PASSWORD_VERIFIER":
                if not self.proves(answers):
                    raise PermissionError("NotAuthorizedException")
                name = "NEW_PASSWORD_REQUIRED" if self.is_invited else "SOFTWARE_TOKEN_MFA"
                return {"ChallengeName": name, "ChallengeParameters": {}, "Session": "one"}
            case "NEW_PASSWORD_REQUIRED":
                self.password, self.is_invited = answers["NEW_PASSWORD"], False
                return {"ChallengeName": "MFA_SETUP", "ChallengeParameters": {}, "Session": "two"}
            case "SOFTWARE_TOKEN_MFA":
                if not pyotp.TOTP(self.secret).verify(answers["SOFTWARE_TOKEN_MFA_CODE"]):
                    raise PermissionError("CodeMismatchException")
        return {"AuthenticationResult": {"AccessToken": "token"}}

    def proves(self, answers: dict[str, str]) -> bool:
        k = _sha(_hex(self.n), _hex(2))
        public = (k * self.verifier() + pow(2, self.b, self.n)) % self.n
        u = _sha(_hex(self.a), _hex(public))
        shared = pow(self.a * pow(self.verifier(), u, self.n), self.b, self.n)
        extracted = hmac.digest(_hex(u), _hex(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key" + bytes([1]), "sha256")[:16]
        message = b"AbCdEfGhIuser-1" + self.block + answers["TIMESTAMP"].encode()
        signature = base64.b64encode(hmac.digest(key, message, "sha256")).decode()
        return hmac.compare_digest(signature, answers["PASSWORD_CLAIM_SIGNATURE"])

    def associate_software_token(self, **_: Any) -> dict[str, str]:
        self.secret = pyotp.random_base32()
        return {"SecretCode": self.secret, "Session": "three"}

    def verify_software_token(self, **request: Any) -> dict[str, str]:
        good = pyotp.TOTP(self.secret).verify(request["UserCode"])
        return {"Status": "SUCCESS" if good else "ERROR", "Session": "four"}


def _user(client: Any, directory: Directory, password: str) -> Any:
    return client.User(
        name="ada@example.com",
        password=password,
        new_password=lambda: "a password of my own 1!",
        enrol=lambda secret: pyotp.TOTP(secret).now(),
        code=lambda: pyotp.TOTP(directory.secret).now(),
    )


def _sign_in(client: Any, directory: Directory, password: str) -> Any:
    return client.sign_in(directory, pool_id=POOL, client_id="c", user=_user(client, directory, password))


def test_the_group_is_a_safe_prime(client: Any) -> None:
    """A digit that was mistyped would still seem to work, against oneself."""
    n = sys.modules["srp"].N

    assert n.bit_length() == 3072
    assert pow(2, n - 1, n) == 1
    assert pow(3, (n - 1) // 2, n) in (1, n - 1)
    assert pow(3, (n - 3) // 2, (n - 1) // 2) == 1


def test_an_invited_user_chooses_a_password_and_enrols(client: Any) -> None:
    """Three challenges on the first sign-in, two on the next."""
    directory = Directory(sys.modules["srp"].N, "the invitation 1!")

    first = _sign_in(client, directory, "the invitation 1!")
    again = _sign_in(client, directory, "a password of my own 1!")

    assert first["AccessToken"] == again["AccessToken"] == "token"


def test_the_password_is_never_sent(client: Any) -> None:
    """Nor is anything that is the same from one sign-in to the next."""
    directory = Directory(sys.modules["srp"].N, "a long secret 1!", is_invited=False)
    directory.associate_software_token()

    _sign_in(client, directory, "a long secret 1!")

    assert "a long secret" not in str(directory.sent)
    assert sys.modules["srp"].Proof().public != sys.modules["srp"].Proof().public


def test_a_wrong_password_proves_nothing(client: Any) -> None:
    """The server refuses the signature."""
    directory = Directory(sys.modules["srp"].N, "a long secret 1!", is_invited=False)

    with pytest.raises(PermissionError, match="NotAuthorizedException"):
        _sign_in(client, directory, "another secret 1!")


def test_a_server_that_would_learn_the_password_is_not_answered(client: Any) -> None:
    """A multiple of the prime takes the proof out of the protocol."""
    srp = sys.modules["srp"]
    challenge = {"SRP_B": f"{srp.N:x}", "SALT": "1", "SECRET_BLOCK": "", "USER_ID_FOR_SRP": "u"}

    with pytest.raises(ValueError, match="proves nothing"):
        srp.Proof().answer(challenge, POOL, "secret")


def test_the_time_is_written_as_cognito_wants_it(client: Any) -> None:
    """English names, no leading zero before the day, whatever the locale."""
    directory = Directory(sys.modules["srp"].N, "a long secret 1!", is_invited=False)
    directory.associate_software_token()

    _sign_in(client, directory, "a long secret 1!")

    timestamp = directory.sent[1]["ChallengeResponses"]["TIMESTAMP"]
    assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}", timestamp)
