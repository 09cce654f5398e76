"""The weight of a page on the line: the bytes that the running server sends, heads and bodies."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.running import Demo
from tests.second_step import fresh_code


class Meter:
    """A browser with an empty cache; `load` tells how many bytes a page brought, as Chromium counted them."""

    def __init__(self, context: BrowserContext, demo: Demo) -> None:
        self.page: Page = context.new_page()
        self.demo = demo
        self.urls: dict[str, str] = {}  # of requests that are under way, by their id
        self.sizes: dict[str, int] = {}
        self.encodings: dict[str, str] = {}
        line = context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.on("Network.requestWillBeSent", self._begun)
        line.on("Network.responseReceived", self._answered)
        line.on("Network.loadingFinished", self._finished)

    def _begun(self, event: dict[str, Any]) -> None:
        """A redirect keeps the id of its request, and has no end of its own."""
        if "redirectResponse" in event:
            self._add(self.urls[event["requestId"]], event["redirectResponse"]["encodedDataLength"])
        self.urls[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self.encodings[event["response"]["url"]] = headers.get("content-encoding", "")

    def _finished(self, event: dict[str, Any]) -> None:
        self._add(self.urls[event["requestId"]], int(event["encodedDataLength"]))

    def _add(self, url: str, size: int) -> None:
        """Nothing came over the line for what the browser kept."""
        if size:
            self.sizes[url] = self.sizes.get(url, 0) + size

    def load(self, path: str) -> int:
        self._begin()
        self.page.goto(self.demo.url + path)
        return self._end()

    def _begin(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.sizes.clear()

    def _end(self) -> int:
        self.page.wait_for_load_state("networkidle")
        address = self.page.url.partition("#")[0]
        assert address in self.sizes
        assert self.encodings[address] == "gzip"
        return self.total()

    def total(self) -> int:
        self.page.wait_for_load_state("networkidle")
        return sum(self.sizes.values())

    def fonts(self) -> int:
        return len([url for url in self.sizes if url.endswith(".woff2")])

    def sign_in(self, key: str) -> int:
        """Return what home brings, with the scripts that only who is signed in needs."""
        account = self.demo.facts["accounts"][key]
        self.page.goto(f"{self.demo.url}/az/account/login/")
        self.page.fill("#id_login", account["email"])
        self.page.fill("#id_password", account["password"])
        if account["totp_secret"]:
            with self.page.expect_navigation():
                self.page.click("main form button[type=submit]")
            self.page.fill("#id_code", fresh_code(account))
        return self.send("main form button[type=submit]")

    def send(self, button: str) -> int:
        """Return what the page after a form brings, with the redirect to it."""
        self._begin()
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        return self._end()
