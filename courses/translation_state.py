"""The state of translations: missing, stale, current. Pure: works on raw StreamField data and on texts of pages.

A text is `{"az": …, "en": …, "ru": …, "of": {"en": [a, t], "ru": [a, t]}}`: `a` is the fingerprint of the
Azerbaijani text beside which the translation was last judged, `t` that of the translation judged. So the state
is a function of the text alone, and goes with it through copies, reordering, undoing, revisions and files.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from locales.languages import DEFAULT_LANGUAGE, LANGUAGES

OTHERS = LANGUAGES[1:]
FINGERPRINT = 12  # characters
EMPTY: dict[str, Any] = {**dict.fromkeys(LANGUAGES, ""), "of": {}}

type Texts = dict[str, Any]
type Path = tuple[str, ...]


class TranslationState(StrEnum):
    MISSING = "missing"
    STALE = "stale"
    CURRENT = "current"


def fingerprint(text: str) -> str:
    """Return 12 hex digits. Blanks do not count: a line broken elsewhere asks for no new translation."""
    return blake2b(" ".join(text.split()).encode(), digest_size=FINGERPRINT // 2).hexdigest()


def is_texts(value: Any) -> bool:
    return isinstance(value, dict) and set(LANGUAGES) <= set(value)


def state_of(texts: Texts, language: str) -> TranslationState:
    """Return the state of one translation. Where nothing is to be translated an empty one is current."""
    text, original = texts[language].strip(), texts[DEFAULT_LANGUAGE].strip()
    if not text:
        return TranslationState.MISSING if original else TranslationState.CURRENT
    judged = (texts.get("of") or {}).get(language)
    beside_this = judged is not None and judged[0] == fingerprint(original)
    return TranslationState.CURRENT if beside_this else TranslationState.STALE


def state_once_saved(texts: Texts, language: str) -> TranslationState:
    """Return the state as saving makes it: a translation that nobody has judged was written now (`carry`)."""
    judged = (texts.get("of") or {}).get(language)
    written_now = judged is None or judged[1] != fingerprint(texts[language])
    return TranslationState.CURRENT if texts[language].strip() and written_now else state_of(texts, language)


def found_right(texts: Texts, language: str) -> None:
    """Mark a translation as judged beside the Azerbaijani text of now. Changes `texts`."""
    pair = [fingerprint(texts[DEFAULT_LANGUAGE]), fingerprint(texts[language])]
    texts["of"] = {**(texts.get("of") or {}), language: pair}


def texts_in(raw: Any, path: Path = ()) -> Iterator[tuple[Path, Texts]]:
    """Yield every text with its place: ids of blocks and items, names of fields. Reordering keeps the place."""
    if is_texts(raw):
        yield path, raw
    elif isinstance(raw, dict):
        for name, part in raw.items():
            yield from texts_in(part, (*path, name))
    elif isinstance(raw, list):
        for number, part in enumerate(raw):
            if isinstance(part, dict):
                yield from texts_in(part.get("value"), (*path, part.get("id") or f"#{number}"))


def carry(new: Any, old: Any) -> Any:
    """Return `new`, changed in place, with every translation judged; `old` is the draft before.

    A translation known already keeps what it was judged beside: at its place, in its own `of`, or, at a new place,
    beside the same Azerbaijani text (an open page copies a block without what was judged since). If one of these judged
    it beside today's text, it is. Any other was written now, beside today's text.
    """
    places = dict(texts_in(old))
    known = _judged_pairs(places.values())
    for path, texts in texts_in(new):
        own, before = texts.get("of") or {}, places.get(path, EMPTY).get("of") or {}
        now = fingerprint(texts[DEFAULT_LANGUAGE])
        texts["of"] = {}
        for language in OTHERS:
            if texts[language].strip():
                sign = fingerprint(texts[language])
                pairs = (before.get(language), own.get(language))
                judged = [pair[0] for pair in pairs if pair and pair[1] == sign]
                if path not in places and (beside := known.get((now, language, sign))):
                    judged.append(beside)
                beside = now if not judged or now in judged else judged[0]
                texts["of"][language] = [beside, sign]
    return new


def _judged_pairs(texts: Iterable[Texts]) -> dict[tuple[str, str, str], str]:
    """Return what translations were judged beside, by (fingerprint of the Azerbaijani, language, own fingerprint)."""
    known: dict[tuple[str, str, str], str] = {}
    for text in texts:
        now = fingerprint(text[DEFAULT_LANGUAGE])
        for language, (beside, sign) in (text.get("of") or {}).items():
            if known.get((now, language, sign)) != now:
                known[now, language, sign] = beside
    return known


def counted(raw: Any, language: str) -> dict[TranslationState, int]:
    """Return how many texts of a language are in each state."""
    counts = dict.fromkeys(TranslationState, 0)
    for _path, texts in texts_in(raw):
        counts[state_of(texts, language)] += 1
    return counts


def complete(raw: Any, language: str) -> bool:
    """Return whether no text is missing in the language."""
    states = (state_of(texts, language) for _path, texts in texts_in(raw))
    return TranslationState.MISSING not in states


def in_language(raw: Any, language: str) -> Any:
    """Return raw data in one language: lists of values, and of each text its words, else the Azerbaijani."""
    if is_texts(raw):
        return raw[language] or raw[DEFAULT_LANGUAGE]
    if isinstance(raw, dict):
        return {name: in_language(part, language) for name, part in raw.items()}
    if isinstance(raw, list):
        return [in_language(part["value"], language) for part in raw]
    return raw
