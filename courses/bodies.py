"""From blocks as curriculum files write them (docs/content.md) to the stream of a page. Pure.

Structure stands once and texts side by side in both: paragraphs have HTML in files and marks in the stream.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from locales.languages import DEFAULT_LANGUAGE, LANGUAGES

from . import marks
from .translation_state import EMPTY, OTHERS, fingerprint, is_texts

NAMESPACE = uuid.UUID("5e0c4c1a-6b0f-4b57-9f39-4f1f7f4f2b61")

# Blocks of several kinds, each a type of its own in the stream; the texts among the exhibits are one.
KINDS = ("check", "exhibit")
TEXT_EXHIBITS = ("statement", "note", "letter")
UNSAID: dict[str, dict[str, Any]] = {  # by kind: where a file says nothing of a part
    "choice": {"right": False},
    "next_line": {"right": False},
    "indicators": {"right": False, "indicator": ""},
    "messages": {"mine": False},
}

type Stream = list[dict[str, Any]]
type Block = Mapping[str, Any]


def stream(blocks: Sequence[Block], *, seed: str) -> Stream:
    """Return raw StreamField data.

    Ids of blocks follow from `seed` (the page) and their place, so loading a file twice gives the same;
    those of self-checks from their question, so that one that was answered stays so wherever it stands.
    """
    asked: Counter[str] = Counter()
    made = []
    for place, block in enumerate(blocks):
        path = f"{seed}/{place}"
        if "check" in block:
            question = block["check"]["question"][DEFAULT_LANGUAGE]
            asked[question] += 1
            path = f"{seed}/check {asked[question]} {question}"
        made.append(_block(block, path))
    return made


def judged_together(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of a file with what each was judged beside: each other, unless `of` names an older text."""
    older = texts.get("of") or {}
    made: dict[str, Any] = {language: (texts.get(language) or "").strip() for language in LANGUAGES}
    now = fingerprint(made[DEFAULT_LANGUAGE])
    made["of"] = {
        language: [older.get(language, now), fingerprint(made[language])]
        for language in OTHERS
        if made[language]
    }
    return made


def _block(block: Block, path: str) -> dict[str, Any]:
    ((kind, value),) = block.items()
    if kind == "paragraph":
        value = {**value, **{language: marks.from_html(value[language]) for language in LANGUAGES}}
    elif kind in KINDS:
        of = value.get("kind", "choice")
        value = {name: _told(of, part) for name, part in value.items() if name != "kind"}
        if of in TEXT_EXHIBITS:
            value["kind"], of = of, "text"
        kind = f"{kind}_{of}"
    elif kind == "call":
        value = {"when": EMPTY, "figure": "", **value}
    return {"type": kind, "value": _value(value, path), "id": _id(path)}


def _told(kind: str, part: Any) -> Any:
    """The options or messages of a block with what their file need not say."""
    if not isinstance(part, list):
        return part
    return [
        {**UNSAID.get(kind, {}), **item} if isinstance(item, Mapping) and not is_texts(item) else item
        for item in part
    ]


def _value(value: Any, path: str) -> Any:
    if is_texts(value):
        return judged_together(value)
    if isinstance(value, Mapping):
        return {key: _value(part, f"{path}.{key}") for key, part in value.items()}
    if isinstance(value, list):
        return [
            {"type": "item", "value": _value(part, f"{path}.{i}"), "id": _id(f"{path}.{i}")}
            for i, part in enumerate(value)
        ]
    return value


def _id(path: str) -> str:
    return str(uuid.uuid5(NAMESPACE, path))
