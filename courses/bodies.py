"""From a body as curriculum files write it (docs/content.md) to one stream a language. Pure."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from locales.languages import LANGUAGES

NAMESPACE = uuid.UUID("5e0c4c1a-6b0f-4b57-9f39-4f1f7f4f2b61")

type Stream = list[dict[str, Any]]
type Block = Mapping[str, Any]


def streams(blocks: Sequence[Block], *, seed: str) -> dict[str, Stream]:
    """The raw StreamField data of each language.

    Ids of blocks follow from `seed` (the lesson) and their place, so loading a file twice gives the
    same data, and a block has one id in all languages.
    """
    return {
        language: [_block(block, language, f"{seed}/{place}") for place, block in enumerate(blocks)]
        for language in LANGUAGES
    }


def _block(block: Block, language: str, path: str) -> dict[str, Any]:
    ((kind, value),) = block.items()
    if kind == "paragraph":
        value = _paragraphs(value[language])
    elif kind == "check":
        options = [{"right": False, **option} for option in value["options"]]
        value = _value({**value, "options": options}, language, path)
    else:
        value = _value(value, language, path)
    return {"type": kind, "value": value, "id": _id(path)}


def _value(value: Any, language: str, path: str) -> Any:
    if isinstance(value, Mapping):
        if set(value) == set(LANGUAGES):
            return value[language].strip()
        return {key: _value(part, language, f"{path}.{key}") for key, part in value.items()}
    if isinstance(value, list):
        return [
            {"type": "item", "value": _value(part, language, f"{path}.{i}"), "id": _id(f"{path}.{i}")}
            for i, part in enumerate(value)
        ]
    return value


def _paragraphs(text: str) -> str:
    """Empty lines part paragraphs, lists stand between them; all else becomes `<p>`."""
    parts = [part.strip() for part in re.split(r"\n\s*\n|(<[uo]l>.*?</[uo]l>)", text, flags=re.S) if part]
    return "".join(
        part if part.startswith(("<p>", "<ul>", "<ol>")) else f"<p>{part}</p>" for part in parts if part
    )


def _id(path: str) -> str:
    return str(uuid.uuid5(NAMESPACE, path))
