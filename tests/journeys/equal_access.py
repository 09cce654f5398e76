"""The second engine beside axe: IBM's Equal Access, which asks other questions of the same page."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent.parent / "vendor" / "ace.js").read_text(encoding="utf-8")

# Rule → what it is not asked of. A region that scrolls stops the keyboard even where nothing overflows at this width:
# browsers differ in whether they would let the keyboard in by themselves, and axe asks for the stop. Passages are ticked
# where they stand in the material; “none of these” stands with the question, which names the material and leads there.
LEFT_OUT = {"element_tabbable_role_valid": ".tw[tabindex]", "input_checkboxes_grouped": "[data-alone]"}

# Only violations: what is potential or recommended is for people to judge. What is folded is looked at unfolded,
# because the engine takes its labels for missing.
LOOK = """async leftOut => {
  const folded = [...document.querySelectorAll('main details:not([open])')]
  folded.forEach(one => { one.open = true })
  const { results } = await new ace.Checker().check(document, ['IBM_Accessibility'])
  folded.forEach(one => { one.open = false })
  return results.filter(one => one.value[0] === 'VIOLATION' && one.value[1] === 'FAIL')
    .filter(one => !(leftOut[one.ruleId] && one.node.matches(leftOut[one.ruleId])))
    .map(one => `${one.ruleId}: ${one.message}: ${one.snippet.slice(0, 160)}`)
}"""


def violations(page: Page) -> list[str]:
    """Return what Equal Access finds wrong: rule, words and element, one a line. Works under the strict content policy."""
    page.evaluate(SCRIPT + ";window.ace = ace;0")
    found: list[str] = page.evaluate(LOOK, LEFT_OUT)
    return found
