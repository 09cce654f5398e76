"""Demands on every page: two engines without violations, targets for fingers, the whole page by keyboard, no sideways
scrolling."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page

from . import equal_access
from .room import small_targets

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# From the end of the page, where a bar that sticks to the screen's edge has its own place: elsewhere it half
# covers whatever is scrolled under it. That it covers nothing focused is asked of the keyboard, below.
LOOK = """async tags => {
  const top = scrollY
  scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })
  const found = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
  scrollTo({ top, behavior: 'instant' })
  return found
}"""

# Where the keyboard stands: does a ring show it, is it on the screen, does anything cover it?
STOP = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  window.stops = window.stops || []
  if (!window.stops.includes(at)) window.stops.push(at)
  const box = at.getBoundingClientRect(), tile = at.closest('.opt, .seg label, .fact')
  const ring = [at, tile].some(one => one && parseFloat(getComputedStyle(one).outlineWidth) >= 2
    && getComputedStyle(one).outlineStyle !== 'none')
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 1)
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1)
  const top = document.elementFromPoint(x, y)
  const free = top && (at.contains(top) || top.contains(at) || (tile && tile.contains(top)))
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight
  return { number: window.stops.indexOf(at), ring, seen, free: !!free,
           name: (at.getAttribute('aria-label') || at.innerText || at.name || at.tagName).trim().slice(0, 40) }
}"""

# Stops the keyboard should make: a group of radio buttons is one, a date is several but one element.
WANTED = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.matches(':disabled') && one.type !== 'hidden')
  const radios = all.filter(one => one.type === 'radio')
  const groups = new Set(radios.map(one => `${[...document.forms].indexOf(one.form)} ${one.name}`))
  return all.length - radios.length + groups.size
}"""


def watch(page: Page) -> list[str]:
    """Collects errors of scripts and of the content policy while the page lives.

    A missing page is not one: browsers write every answer of 400 and above to the console.
    """
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if (
            message.type in {"error", "warning"}
            and "the server responded with a status of" not in message.text
        ):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def violations(page: Page) -> list[str]:
    """Return what axe and Equal Access find wrong: rule and element, one a line; and targets that are too small.

    Works under the strict content policy.
    """
    page.evaluate(AXE_SCRIPT + ";0")
    found: dict[str, Any] = page.evaluate(LOOK, STANDARDS)
    wrong = [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
    return [*wrong, *equal_access.violations(page), *small_targets(page)]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    wide: int = page.evaluate(
        "document.fonts.ready.then(() => document.documentElement.scrollWidth - innerWidth)"
    )
    return max(0, wide)


def keyboard_faults(page: Page) -> list[str]:
    """Walks the page by Tab from its skip link. Says where no ring shows, what is covered or passed over."""
    wanted: int = page.evaluate(WANTED)
    page.locator(".skip").focus()
    stops = [page.evaluate(STOP)]
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["number"] == 0:
            break
        stops.append(stop)
    reached = len({stop["number"] for stop in stops})
    faults = [] if reached == wanted else [f"{reached} stops, {wanted} wanted: {[s['name'] for s in stops]}"]
    for stop in stops:
        faults += [f"{stop['name']}: {fault}" for fault in ("ring", "seen", "free") if not stop[fault]]
    return faults


def faults(page: Page) -> list[str]:
    """All of the above for the page as it stands."""
    sideways = [f"{overflow(page)} px too wide"] if overflow(page) else []
    return [*violations(page), *sideways, *keyboard_faults(page)]
