"""Node for the scripts of the page; a browser, and the application behind a page, for the page itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright
from rich.console import Console

from tests.web.alone import served
from tests.web.visit import ARGUMENTS, Site, Visit
from tools.demo import page as demo_page
from tools.demo.cdk import Cdk
from tools.demo.journey import Journey
from tools.demo.progress import Progress
from tools.local_cloud import Layout, LocalCloud
from tools.local_cloud.clients import Clients

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).parent / "scripts"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def node() -> str:
    """The pinned Node."""
    return str(ROOT / ".venv" / "bin" / "node")


@pytest.fixture(scope="session")
def run_script(node: str) -> Callable[[str, Any], Any]:
    """Run one of the scripts here: JSON in, JSON out."""

    def run(name: str, given: Any) -> Any:
        done = subprocess.run(
            [node, str(SCRIPTS / name)], input=json.dumps(given), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of an installed Chromium; tests that need one are left out where there is none."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed: install one, or name it in CHROMIUM, to test the page in a browser")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium that asks nobody anything by itself."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application with its documents on a local cloud, and the page in front of it."""
    layout = Layout(root=Layout.of_checkout().root, home=tmp_path_factory.mktemp("page") / "home")
    progress = Progress(console=Console(file=StringIO()))
    with LocalCloud(layout) as cloud:
        clients = Clients(cloud)
        journey = Journey(cloud=cloud, clients=clients, cdk=Cdk(cloud=cloud, tell=progress.say), progress=progress)
        journey.bootstrap()
        deployed = journey.deploy()
        journey.ingest(deployed)
        yield Site(
            url=demo_page.start(cloud, deployed).url,
            clients=clients,
            pool_id=deployed.output("Application", "UserPoolId"),
            screenshots=tmp_path_factory.mktemp("screenshots"),
        )
        clients.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """The page as a user finds it who was invited and never came before."""
    context = browser.new_context(viewport={"width": 1100, "height": 760}, base_url=site.url)
    made = Visit(page=context.new_page(), invited=site.invite(), screenshots=site.screenshots)
    made.watch()
    yield made
    context.close()
    assert made.complaints == []
    assert made.hosts <= {site.url.rstrip("/")}


@pytest.fixture
def chat(visit: Visit) -> Visit:
    """The page as that user finds it after the first sign-in."""
    visit.sign_in()
    return visit


@pytest.fixture(scope="session")
def lone_address() -> Iterator[str]:
    """Address of the page alone, without the application behind it."""
    with served() as address:
        yield address


@pytest.fixture
def lone_page(browser: Browser, lone_address: str) -> Iterator[Page]:
    """That page as somebody finds it who is signed in; it may not complain."""
    context = browser.new_context(viewport={"width": 1100, "height": 860}, base_url=lone_address)
    context.add_init_script("sessionStorage.session = JSON.stringify({username: 'ada', refresh: 'r'})")
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield made
    context.close()
    assert complaints == []
