"""A user's visit to the page."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Page, expect

from tests.web.qr_reader import read, rows_of
from tools.demo import page as demo_page
from tools.local_cloud.clients import Clients

PASSWORD = "A-password-of-my-own-1"  # of users of the emulator
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 20_000
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The page and the user pool behind it."""

    url: str
    clients: Clients
    pool_id: str
    screenshots: Path

    def invite(self) -> demo_page.Invited:
        """Invite somebody new."""
        return demo_page.invite(self.clients, self.pool_id, f"user-{next(_numbers)}@example.com")


@dataclass(slots=True)
class Visit:
    """
    A user's visit: the browser's page, what the browser complained about, whom it asked.

    What a test expects the browser to complain about, it takes out of `complaints` itself.
    """

    page: Page
    invited: demo_page.Invited
    screenshots: Path
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    authenticator: pyotp.TOTP | None = None

    def watch(self) -> None:
        """Note what the browser says and whom it asks."""
        self.page.set_default_timeout(_PATIENCE_MS)
        expect.set_options(timeout=_PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("request", lambda request: self.hosts.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url))))

    def forgive(self, words: str) -> None:
        """Take out the complaints that hold *words*; there must be one."""
        forgiven = [said for said in self.complaints if words in said]
        assert forgiven, self.complaints
        self.complaints = [said for said in self.complaints if said not in forgiven]

    def shoot(self, name: str) -> None:
        """Keep a picture for people."""
        self.page.screenshot(path=self.screenshots / f"{name}.png")

    def enter_password(self, password: str) -> None:
        """Fill the first form and send it."""
        self.page.get_by_label("E-mail").fill(self.invited.username)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")

    def choose_password(self) -> None:
        """Fill the second form and send it."""
        self.page.get_by_label("New password", exact=True).fill(PASSWORD)
        self.page.get_by_label("The same again").fill(PASSWORD)
        self.page.keyboard.press("Enter")

    def scan(self) -> pyotp.TOTP:
        """Read the drawn code as a phone would."""
        picture = self.page.get_by_role("img", name="QR code")
        side = int((picture.get_attribute("viewBox") or "").split()[-1])
        address = read(rows_of(picture.locator("path").get_attribute("d") or "", side)).text
        self.authenticator = pyotp.parse_uri(address)  # type: ignore[assignment]
        assert isinstance(self.authenticator, pyotp.TOTP)
        return self.authenticator

    def enter_code(self, code: str) -> None:
        """Fill the form of the code and send it."""
        self.page.get_by_label("Six digits").fill(code)
        self.page.keyboard.press("Enter")

    def sign_in(self) -> None:
        """Go the whole way of a first sign-in."""
        self.page.goto("/")
        self.enter_password(self.invited.password)
        self.choose_password()
        self.enter_code(self.scan().now())
        expect(self.page.get_by_label("Your question")).to_be_focused()

    def unused_code(self) -> str:
        """The code of the next half minute, which a clock that goes fast would show."""
        assert self.authenticator is not None
        return self.authenticator.at(int(time.time()) + self.authenticator.interval)

    def ask(self, question: str) -> None:
        """Send a question."""
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
