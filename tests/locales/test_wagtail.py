"""Wagtail's words in Azerbaijani, which it does not bring along: they fit the Wagtail that is installed."""

import re
from pathlib import Path

import polib
import pytest
import wagtail

from locales.messages import ROOT, opened

WAGTAIL = Path(wagtail.__file__).parent
PLACES = re.compile(r"%\(\w+\)[sd]|<[^>]+>")
type Key = tuple[str | None, str, str]


def key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def borrowed(domain: str) -> list[polib.POEntry]:
    return list(polib.pofile(str(ROOT / "locales/wagtail/az/LC_MESSAGES" / f"{domain}.po")))


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_each_word_stands_in_the_wagtail_installed(domain: str) -> None:
    theirs = {
        key(entry)
        for path in WAGTAIL.rglob(f"locale/en/LC_MESSAGES/{domain}.po")
        for entry in polib.pofile(str(path))
    }
    assert [entry.msgid for entry in borrowed(domain) if key(entry) not in theirs] == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_each_word_is_translated_with_the_same_placeholders(domain: str) -> None:
    for entry in borrowed(domain):
        many = entry.msgstr_plural.get(1, "") or entry.msgstr
        assert many and sorted(PLACES.findall(many)) == sorted(
            PLACES.findall(entry.msgid_plural or entry.msgid)
        )


def test_no_word_is_one_of_ours() -> None:
    ours = {key(entry) for entry in opened("az")}
    assert [entry.msgid for entry in borrowed("django") if key(entry) in ours] == []
