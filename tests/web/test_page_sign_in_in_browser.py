"""Signing in, in a real Chromium against the emulated Cognito."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import expect

from tests.web.look import unnamed_controls
from tests.web.visit import PASSWORD, Visit

pytestmark = pytest.mark.emulator


def test_an_invited_user_gets_in_by_keyboard_alone(visit: Visit) -> None:
    """The first field of each step has the focus, and Tab and Enter are enough."""
    page, keys = visit.page, visit.page.keyboard
    page.goto("/")
    expect(page.get_by_label("E-mail")).to_be_focused()
    visit.shoot("1-sign-in")
    for text, key in ((visit.invited.username, "Tab"), (visit.invited.password, "Enter")):
        keys.type(text)
        keys.press(key)
    expect(page.get_by_label("New password")).to_be_focused()
    visit.shoot("2-new-password")
    for key in ("Tab", "Enter"):
        keys.type(PASSWORD)
        keys.press(key)
    expect(page.get_by_label("Six digits")).to_be_focused()
    visit.shoot("3-qr")
    keys.type(visit.scan().now())
    keys.press("Enter")

    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_text(visit.invited.username)).to_be_visible()


def test_a_weak_password_is_refused_before_it_is_sent(visit: Visit) -> None:
    """The person reads what is missing, and that the two differ."""
    page = visit.page
    page.goto("/")
    visit.enter_password(visit.invited.password)
    page.get_by_label("New password").fill("weak")
    page.get_by_label("The same again").fill("weak")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "The password needs 14 characters, an upper-case letter, a digit, a symbol."
    )

    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(f"{PASSWORD}x")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_have_text("The two passwords differ.")
    assert unnamed_controls(page) == []


def test_the_qr_code_is_the_shown_key_and_a_wrong_code_is_refused(visit: Visit) -> None:
    """What a phone reads from the picture, a person can type; the next code is taken after a wrong one."""
    page = visit.page
    page.goto("/")
    visit.enter_password(visit.invited.password)
    visit.choose_password()
    authenticator = visit.scan()
    page.get_by_text("cannot be scanned").click()

    assert page.locator(".secret").inner_text().replace(" ", "") == authenticator.secret
    assert (authenticator.name, authenticator.issuer) == (visit.invited.username, "Chat over documents (local)")
    visit.enter_code(f"{(int(authenticator.now()) + 500_000) % 1_000_000:06d}")
    expect(page.get_by_role("alert")).to_contain_text("not the right one")
    visit.forgive("400")
    visit.enter_code(authenticator.now())
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_forgotten_password_is_set_anew_with_a_code(chat: Visit) -> None:
    """The code from the e-mail sets the password; the code of the authenticator is still asked for."""
    page = chat.page
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Forgot the password").click()
    page.get_by_label("E-mail").fill(chat.invited.username)
    page.keyboard.press("Enter")
    # The e-mail is not sent here, so what Cognito says to its code is said in its place.
    page.route(
        "**/sign-in",
        lambda route: (
            route.fulfill(json={})
            if route.request.headers["x-amz-target"].endswith(".ConfirmForgotPassword")
            else route.continue_()
        ),
    )
    page.get_by_label("Code from the e-mail").fill("123 456")
    chat.shoot("7-recover")
    chat.choose_password()
    chat.enter_code(chat.unused_code())

    expect(page.get_by_label("Your question")).to_be_focused()


def test_after_signing_out_both_factors_are_asked_for_again(chat: Visit) -> None:
    """Nothing of the session is left in the tab, and a wrong password is answered like a wrong name."""
    page = chat.page
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    chat.enter_password("not-the-password-1A")
    expect(page.get_by_role("alert")).to_contain_text("do not fit")
    chat.forgive("400")
    chat.enter_password(PASSWORD)
    chat.enter_code(chat.unused_code())

    expect(page.get_by_label("Your question")).to_be_focused()


def test_the_password_is_never_in_a_request(visit: Visit) -> None:
    """Not at the first sign-in with the invitation's, and not at a later one with the person's own."""
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.post_data or ""))
    visit.sign_in()
    first = [body for body in sent if visit.invited.password in body]
    sent.clear()
    visit.page.get_by_role("button", name="Sign out").click()
    visit.enter_password(PASSWORD)
    expect(visit.page.get_by_label("Six digits")).to_be_focused()

    assert first == []
    assert any("SRP_A" in body for body in sent)
    assert [body for body in sent if PASSWORD in body] == []
    assert isinstance(visit.authenticator, pyotp.TOTP)
