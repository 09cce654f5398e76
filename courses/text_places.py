"""The place of a text in its page, in words: "Heading", "4. Self-check, Options 2, Option"."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from wagtail import blocks

from .models import CoursePage, LessonPage
from .translation_state import Path

FIELDS: dict[str, StrOrPromise] = {
    "heading": _("Heading"),
    "summary": _("Summary"),
    "audience": _("For whom"),
    "intro": _("Introduction"),
}


def place_of(path: Path, texts: dict[str, Any]) -> str:
    """Return the place of a text of a page; `texts`: all of the page, as raw data."""
    name, *rest = path
    if name in FIELDS:
        return str(FIELDS[name])
    raw = texts[name]
    number, child = _item(raw, rest[0])
    model = next(model for model in (LessonPage, CoursePage) if name in model.streams)
    block = model._meta.get_field(name).stream_block.child_blocks[child["type"]]
    return _below(block, child["value"], rest[1:], f"{number}. {block.label}")


def _below(block: blocks.Block, raw: Any, path: list[str], place: str) -> str:
    if not path:
        return place
    if isinstance(block, blocks.ListBlock):
        number, item = _item(raw, path[0])
        return _below(block.child_block, item["value"], path[1:], f"{place} {number}")
    child = block.child_blocks[path[0]]
    return _below(child, raw[path[0]], path[1:], f"{place}, {child.label}")


def _item(raw: list[dict[str, Any]], item_id: str) -> tuple[int, dict[str, Any]]:
    """Return the item with this id, and its number from 1."""
    return next(
        (number, item) for number, item in enumerate(raw, 1) if item_id in (item.get("id"), f"#{number - 1}")
    )
