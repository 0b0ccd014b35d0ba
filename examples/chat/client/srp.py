"""
Secure remote password, as Amazon Cognito speaks it: prove that you know a password without sending it.

RFC 5054 with the 3,072-bit group and SHA-256, and Cognito's own last steps: the key goes through HKDF and
signs a timestamp. Standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

# RFC 3526, group 15: a safe prime of 3,072 bits, 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 * pi) + 1690314).
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def padded(number: int) -> bytes:
    """Return *number* as bytes, with a zero byte in front where the first bit would read as a sign."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def hashed(*parts: bytes) -> int:
    """Return the SHA-256 of *parts* as a number."""
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = hashed(padded(N), padded(G))


@dataclass(frozen=True, slots=True)
class Proof:
    """
    One attempt to prove a password.

    Attributes:
        private: Random, never sent.

    Example:
        proof = Proof()
        client.initiate_auth(AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": name, "SRP_A": proof.public})
    """

    private: int = field(default_factory=lambda: secrets.randbits(1024), repr=False)

    @property
    def public(self) -> str:
        """What is sent first, in hexadecimal."""
        return format(pow(G, self.private, N), "x")

    def answer(self, challenge: dict[str, str], pool_id: str, password: str) -> dict[str, str]:
        """
        Return the response to the challenge `PASSWORD_VERIFIER`.

        Args:
            challenge: Parameters of the challenge.
            pool_id: User pool, such as `us-east-1_AbCdEfGhI`.
            password: The password; only what is derived from it leaves.
        """
        theirs = int(challenge["SRP_B"], 16)
        if theirs % N == 0:
            raise ValueError("the server sent a value that proves nothing: do not go on")
        mine = int(self.public, 16)
        pool, user = pool_id.split("_", 1)[1], challenge["USER_ID_FOR_SRP"]
        identity = hashlib.sha256(f"{pool}{user}:{password}".encode()).digest()
        x = hashed(padded(int(challenge["SALT"], 16)), identity)
        u = hashed(padded(mine), padded(theirs))
        shared = pow(theirs - K * pow(G, x, N), self.private + u * x, N)
        timestamp = _timestamp(datetime.now(UTC))
        message = f"{pool}{user}".encode() + base64.b64decode(challenge["SECRET_BLOCK"]) + timestamp.encode()
        signature = hmac.new(_key(shared, u), message, hashlib.sha256).digest()
        return {
            "USERNAME": user,
            "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
        }


def _key(shared: int, u: int) -> bytes:
    """Return the 16 bytes that sign: HKDF with one block, under the name that Cognito gives it."""
    extracted = hmac.new(padded(u), padded(shared), hashlib.sha256).digest()
    return hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]


def _timestamp(now: datetime) -> str:
    """Return the time as Cognito wants it, in English whatever the locale: `Wed Nov 25 12:00:00 UTC 2026`."""
    return f"{DAYS[now.weekday()]} {MONTHS[now.month - 1]} {now.day} {now:%H:%M:%S} UTC {now.year}"
