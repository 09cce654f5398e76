"""The interface's words: `python -m locales.messages update|compile|check`.

Texts are collected from Python and templates without GNU gettext: Django turns a template into
pseudo-code for xgettext, and Babel reads that. English is the source; the other languages are
complete or `check` says where not.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from .languages import CATALOGUES, RULES

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {".venv", "var", "tests", "bench", "migrations", "node_modules", ".git"}
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
type Key = tuple[str | None, str, str | None]  # context, singular, plural


def sources() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        if path.suffix in {".py", ".html", ".txt"} and not SKIPPED & set(inside):
            if path.suffix == ".py" or "templates" in inside:
                yield path


def collected() -> dict[Key, set[str]]:
    """Every text, with the files it stands in."""
    found: dict[Key, set[str]] = {}
    for path in sources():
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else _without_indent(templatize(text))
        place = str(path.relative_to(ROOT))
        for _line, message, _comments, context in extract("python", BytesIO(code.encode()), KEYWORDS):
            parts = message if isinstance(message, tuple) else (message,)
            singular, plural = parts[0], parts[1] if len(parts) > 1 else None
            if singular:
                found.setdefault((context, singular, plural), set()).add(place)
    return found


def _without_indent(pseudo_code: str) -> str:
    """The indent of a template means nothing, but Python's tokenizer would read it."""
    return "\n".join(line.lstrip() for line in pseudo_code.split("\n"))


def catalogue(language: str) -> Path:
    return ROOT / "locales" / language / "LC_MESSAGES" / "django.po"


def opened(language: str) -> polib.POFile:
    path = catalogue(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = polib.POFile(wrapwidth=110)
    file.fpath = str(path)
    file.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": f"nplurals={RULES[language].plural_forms}; plural=({CATALOGUES[language]});",
    }
    return file


def update() -> None:
    """Bring the catalogues up to the sources: new texts come in empty, vanished ones go."""
    found = collected()
    for language in CATALOGUES:
        file = opened(language)
        known: dict[Key, polib.POEntry] = {
            (entry.msgctxt, entry.msgid, entry.msgid_plural or None): entry for entry in file
        }
        forms = RULES[language].plural_forms
        entries = []
        for key in sorted(found, key=lambda key: (sorted(found[key])[0], key[1], key[0] or "")):
            context, singular, plural = key
            entry = known.get(key) or polib.POEntry(
                msgctxt=context,
                msgid=singular,
                msgid_plural=plural or "",
                msgstr_plural=dict.fromkeys(range(forms), "") if plural else {},
            )
            entry.occurrences = [(place, "") for place in sorted(found[key])]
            entry.flags = ["python-format"] if "%(" in singular else []
            entries.append(entry)
        file.clear()
        file.extend(entries)
        file.save()


def compile_all() -> None:
    """Compile what changed since it was compiled, Wagtail's words in Azerbaijani too (`locales/wagtail`).

    A file is whole or the old one: a server may be reading it.
    """
    for path in sorted((ROOT / "locales").rglob("*.po")):
        compiled, making = path.with_suffix(".mo"), path.with_suffix(".making")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        polib.pofile(str(path)).save_as_mofile(str(making))
        making.replace(compiled)


def gaps() -> list[str]:
    """Return what is missing or stale, a line each; empty where the catalogues are complete."""
    found, lines = collected(), []
    for language in CATALOGUES:
        entries: dict[Key, polib.POEntry] = {
            (e.msgctxt, e.msgid, e.msgid_plural or None): e for e in opened(language)
        }
        for key, places in found.items():
            entry = entries.get(key)
            texts = [] if entry is None else list(entry.msgstr_plural.values()) or [entry.msgstr]
            if not texts or not all(texts) or (entry is not None and entry.fuzzy):
                lines.append(f"{language}: {key[1]!r} in {sorted(places)[0]}")
        lines += [f"{language}: {key[1]!r} is not used any more" for key in entries.keys() - found.keys()]
    return lines


def main(act: str) -> None:
    if act == "update":
        update()
    elif act == "compile":
        compile_all()
    elif act == "check":
        if lines := gaps():
            sys.exit("\n".join(lines))
        print(f"Every text is there in {' and '.join(CATALOGUES)}.")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
