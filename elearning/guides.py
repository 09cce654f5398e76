"""Guides for each position, served at Help: Markdown files of docs/guides, one folder a language."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from people.models import Grant

FOLDER = Path(settings.BASE_DIR) / "docs" / "guides"
Position = Grant.Position

# Whom each guide serves, in the order of Help; without positions: everybody.
GUIDES: dict[str, frozenset[str]] = {
    "officers": frozenset(),
    "duty-officers": frozenset({Position.DUTY_OFFICER, Position.SHIFT_LEADER}),
    "coordinators": frozenset({Position.COORDINATOR}),
    "rosters": frozenset({Position.COORDINATOR}),
    "trainers": frozenset({Position.TRAINER, Position.REVIEWER, Position.TUTOR}),
    "assessors": frozenset({Position.ASSESSOR}),
    "registrars": frozenset({Position.REGISTRAR}),
    "rule-owners": frozenset({Position.RULE_OWNER, Position.NATIONAL_COORDINATOR}),
    "auditors": frozenset({Position.AUDITOR}),
    "administrators": frozenset({Position.ADMINISTRATOR}),
    "checking": frozenset(),
}


@dataclass(frozen=True)
class Guide:
    """A guide in one language. `body`: HTML without the heading."""

    slug: str
    heading: str
    body: SafeString


def guides_for(positions: Collection[str], language: str) -> Iterator[Guide]:
    """Yield the guides of who holds these positions, everybody's among them."""
    for slug, whom in GUIDES.items():
        if not whom or whom.intersection(positions):
            yield read(slug, language)


@cache
def read(slug: str, language: str) -> Guide:
    """Return the guide; raise FileNotFoundError where the language has none: a test holds them complete."""
    return rendered(slug, (FOLDER / language / f"{slug}.md").read_text(encoding="utf-8"))


def rendered(slug: str, text: str) -> Guide:
    """Return a guide from its Markdown: a heading, then the body. Raw HTML is shown as it is typed.

    A link to another guide leads to its page; one to a document that is not served is left out, its words stay.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    heading, body = tokens[1].content, tokens[3:]
    for token in body:
        token.children = token.children and list(_linked(token.children))
    _head_tables(heading, body)
    html = markdown.renderer.render(body, markdown.options, {})
    html = html.replace("<table ", '<div class="tw"><table ').replace("</table>", "</table></div>")
    html = html.replace("<ul>", '<ul class="bul">')
    return Guide(slug, heading, mark_safe(html))


def _head_tables(heading: str, tokens: list[Token]) -> None:
    """Name each table after what it stands under; the first cell of a row heads it."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[place + 1].content
        elif token.type == "table_open":
            token.attrs["aria-label"] = heading
        elif token.type == "th_open":
            token.attrs["scope"] = "col"
        elif token.type == "td_open" and tokens[place - 1].type == "tr_open":
            token.tag, token.attrs["scope"] = "th", "row"
            tokens[place + 2].tag = "th"


def _linked(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens of a line with the links that the site can follow."""
    followed = False
    for token in tokens:
        if token.type == "link_open":
            slug = str(token.attrs["href"]).removesuffix(".md")
            followed = slug in GUIDES
            token.attrs["href"] = f"../{slug}/"
        if followed or token.type not in ("link_open", "link_close"):
            yield token
