"""
Prove a password to Amazon Cognito without sending it (USER_SRP_AUTH).

The protocol is SRP-6a over the 3072-bit group of RFC 5054 with SHA-256, and Cognito's own key derivation on top.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

# RFC 5054, appendix A, 3072-bit group.
_PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_GENERATOR = 2
_KEY_LABEL = b"Caldera Derived Key\x01"
_KEY_BYTES = 16
_SECRET_BYTES = 128
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class PasswordProof:
    """
    One sign-in attempt.

    Args:
        pool_id: The user pool.
        password: The user's password; it never leaves this object.
    """

    pool_id: str
    password: str
    _secret: int = field(default_factory=lambda: int.from_bytes(secrets.token_bytes(_SECRET_BYTES)), repr=False)

    @property
    def public_value(self) -> str:
        """What the client sends first (SRP_A)."""
        return f"{self._public():x}"

    def answer(self, challenge: Mapping[str, str], now: dt.datetime | None = None) -> dict[str, str]:
        """
        The responses to Cognito's PASSWORD_VERIFIER challenge.

        Args:
            challenge: The challenge's parameters.
            now: Time of the answer. Default: the present.
        """
        user = challenge["USER_ID_FOR_SRP"]
        pool = self.pool_id.split("_", 1)[1]
        at = _stamp(now or dt.datetime.now(dt.UTC))
        key = self._key(pool, user, server=int(challenge["SRP_B"], 16), salt=int(challenge["SALT"], 16))
        block = base64.b64decode(challenge["SECRET_BLOCK"])
        signature = hmac.digest(key, f"{pool}{user}".encode() + block + at.encode(), "sha256")
        return {
            "USERNAME": user,
            "TIMESTAMP": at,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
        }

    def _public(self) -> int:
        return pow(_GENERATOR, self._secret, _PRIME)

    def _key(self, pool: str, user: str, *, server: int, salt: int) -> bytes:
        scramble = _hash(_padded(self._public()) + _padded(server))
        identity = hashlib.sha256(f"{pool}{user}:{self.password}".encode()).digest()
        private = _hash(_padded(salt) + identity)
        multiplier = _hash(_padded(_PRIME) + bytes([_GENERATOR]))
        base = (server - multiplier * pow(_GENERATOR, private, _PRIME)) % _PRIME
        shared = pow(base, self._secret + scramble * private, _PRIME)
        extracted = hmac.digest(_padded(scramble), _padded(shared), "sha256")
        return hmac.digest(extracted, _KEY_LABEL, "sha256")[:_KEY_BYTES]


def _padded(number: int) -> bytes:
    """The shortest big-endian bytes whose first bit is not set."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def _hash(content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(content).digest())


def _stamp(at: dt.datetime) -> str:
    """The time as Cognito wants it, in English whatever the locale: `Wed Nov 25 14:02:03 UTC 2026`."""
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at.day} {at:%H:%M:%S} UTC {at.year}"
