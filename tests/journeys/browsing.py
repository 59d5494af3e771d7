"""A person at the wizard in a real browser.

A visit notes every request to another host, every error of the page and all that its security policy
refused; `check()` fails on any.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
# Notes in the page when something last went to the server or came from it.
WATCH_THE_WIRE = """(() => {
  const Real = window.WebSocket;
  window.wire = { sent: 0, got: 0, still: 0 };
  window.WebSocket = class extends Real {
    constructor(...how) {
      super(...how);
      this.addEventListener('message', () => { window.wire.got = performance.now(); });
    }
    send(what) {
      window.wire.sent = performance.now();
      super.send(what);
    }
  };
})()"""
# The tab has been asked for what it keeps; what was sent is answered; the wire has been quiet for a
# while; no run is going on or asked for; no element is of an earlier run or waits for its script to
# load. All this for some frames on end: a browser without a processor draws later than it hears.
STANDS_STILL = """([quiet, frames]) => {
  const app = document.querySelector('[data-testid=stApp]');
  const { sent, got } = window.wire;
  const still = app && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('.st-key-browser_keep_box')
    && got > sent && performance.now() - got > quiet
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
  window.wire.still = still ? window.wire.still + 1 : 0;
  return window.wire.still > frames;
}"""
# The app's own background is that of the theme.
IS_THEME = """dark => {
  const app = document.querySelector('[data-testid=stApp]');
  const [red] = getComputedStyle(app).backgroundColor.match(/\\d+/g).map(Number);
  return (red < 128) === dark;
}"""
QUIET_MS, STILL_FRAMES = 300, 8
# A busy machine may be slow; it is no fault of the page.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# Walks the journeys as on a device so many times slower: `SLOWED=4 pytest -m browser`.
SLOWED = float(os.environ.get("SLOWED", "0"))
PHONE = (360, 740)
DESKTOP = (1280, 800)


class Visit:
    """One browser window of its own: nothing is shared with another visit."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        step: str | None = None,
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(WATCH_THE_WIRE)
        self.page: Page = self.context.new_page()
        if SLOWED:
            slower = {"rate": SLOWED}
            self.context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", slower)
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda r: self._note(r.url))
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("console", lambda m: self._note_refusal(m.text))
        self.open(step)

    def _note(self, url: str) -> None:
        parsed = urlparse(url)
        if parsed.scheme in ("http", "https", "ws", "wss") and parsed.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            self.elsewhere.append(url)

    def _note_refusal(self, said: str) -> None:
        if "Content Security Policy" in said or "Permissions policy" in said:
            self.errors.append(said)

    def open(self, step: str | None = None) -> None:
        self.page.goto(f"{self.address}/?step={step}" if step else self.address)
        self.settled()

    def settled(self) -> None:
        """Wait until what was last done is answered and the page stands still."""
        expect(self.page.locator("h1").first).to_be_visible()
        self.page.evaluate("() => { window.wire.still = 0; }")
        self.page.wait_for_function(STANDS_STILL, arg=[QUIET_MS, STILL_FRAMES])

    # --- looking ---

    @property
    def step(self) -> str:
        query = str(self.page.evaluate("location.search"))
        return query.removeprefix("?step=") or "start"

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text().strip()

    @property
    def kept(self) -> str:
        """What the tab's own storage holds."""
        return str(self.page.evaluate("sessionStorage.getItem('ketapath') || ''"))

    def wait_until_kept(self, text: str, there: bool = True) -> None:
        """Wait until the tab's own storage holds a text (or no longer does)."""
        self.page.wait_for_function(
            "([text, there]) => (sessionStorage.getItem('ketapath') || '').includes(text) === there",
            arg=[text, there],
        )

    def text(self) -> str:
        return self.page.locator("[data-testid=stMain]").inner_text()

    def by_key(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}")

    def scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate(
                "() => { const m = document.querySelector('[data-testid=stMain]');"
                " return Math.max(document.documentElement.scrollWidth - window.innerWidth,"
                " m.scrollWidth - m.clientWidth) > 1; }"
            )
        )

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA: rule, and the places."""
        found = Axe().run(self.page, options=WCAG).response["violations"]
        return [
            f"{v['id']}: " + " | ".join(str(n["html"])[:160] for n in v["nodes"][:4]) for v in found
        ]

    # --- doing ---

    def turn(self, dark: bool) -> None:
        """Turn the device to dark or light, as the page stands."""
        self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        self.page.wait_for_function(IS_THEME, arg=dark)
        self.settled()

    def press(self, name: str, exact: bool = True) -> None:
        """Press the button with this name and wait for what follows."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_timeout(50)  # until the page has sent what the press means
        self.settled()

    def press_key(self, key: str) -> None:
        """Press the button that the wizard knows by this key."""
        # On a phone a button with a tip stands there twice, once for each width.
        self.by_key(key).locator("button:visible").first.click()
        self.page.wait_for_timeout(50)  # until the page has sent what the press means
        self.settled()

    def choose(self, label: str) -> None:
        """Choose a radio button by its label."""
        self.page.locator(
            "[data-testid=stMain] [data-testid=stRadio] label", has_text=label
        ).first.click()

    def tick(self, label: str) -> None:
        self.page.locator("[data-testid=stCheckbox] label", has_text=label).first.click()

    def type_into(self, text: str) -> None:
        """Type into the first field of the screen and leave it."""
        field = self.page.locator(
            "[data-testid=stMain] form input, [data-testid=stForm] input"
        ).first
        field.fill(text)
        field.blur()

    def pick(self, text: str) -> None:
        """Type into the first list of the screen and take what it offers first."""
        box = self.page.locator("[data-testid=stForm] [data-testid=stSelectbox] input").first
        box.click()
        box.type(text, delay=10)
        self.page.wait_for_timeout(200)
        box.press("Enter")
        self.page.wait_for_timeout(100)

    def on(self) -> None:
        """Continue."""
        self.press("Continue")

    def unknown(self) -> None:
        self.press("I don’t know")

    def pass_over(self) -> None:
        """Leave a screen without an answer, be it of one question or of several."""
        several = self.page.get_by_role("button", name="I don’t know any of these", exact=True)
        self.press("I don’t know any of these" if several.count() else "I don’t know")

    def shot(self, path: Path) -> None:
        """The whole page as a picture, however long."""
        height: Any = self.page.evaluate(
            "document.querySelector('[data-testid=stMain]').scrollHeight"
        )
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size(
            {"width": size["width"], "height": max(size["height"], int(height) + 20)}
        )
        self.page.wait_for_timeout(200)
        self.page.screenshot(path=str(path))
        self.page.set_viewport_size(size)

    def check(self) -> None:
        """No request to another host, no error of the page."""
        assert not self.elsewhere, self.elsewhere
        assert not self.errors, self.errors

    def close(self) -> None:
        self.context.close()
