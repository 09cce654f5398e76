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


def test_acts_on_many_at_once_are_in_azerbaijani() -> None:
    """Each sentence of Wagtail's pages that publish, move or delete several at once."""
    views, pages = ("views/pages/bulk_actions/", "bulk_actions/"), "templates/wagtail"
    wanted = {
        key(entry)
        for path in WAGTAIL.rglob("locale/en/LC_MESSAGES/django.po")
        if path.parts[-5] in {"admin", "snippets"}
        for entry in polib.pofile(str(path))
        for file, _line in entry.occurrences
        if file.startswith(views) or (file.startswith(pages) and "bulk_actions/" in file)
    }
    assert ("", "Are you sure you want to delete these pages?", "") in {("", *one[1:]) for one in wanted}
    assert wanted - {key(entry) for entry in borrowed("django")} == set()


def test_no_word_is_one_of_ours() -> None:
    ours = {key(entry) for entry in opened("az")}
    assert [entry.msgid for entry in borrowed("django") if key(entry) in ours] == []


FAMILIAR = re.compile(
    r"\b(aç|al|apar|axtar|bağla|bax|bərkit|burax|çap et|çıxar|dəyiş|düz|et|əlavə et|gizlət|göndər|göstər|kilidlə|"
    r"köçür|qaytar|saxla|seç|sırala|sil|söndür|sürüşdür|təmizlə|yaz|yenilə|yığ|yüklə)[.:…]?$",
    re.IGNORECASE,
)


@pytest.mark.parametrize("catalogue", ["ours", "django", "djangojs"])
def test_nobody_is_spoken_to_as_a_friend(catalogue: str) -> None:
    """A button says *seçin*, never *seç*; quotes are «these»."""
    entries = opened("az") if catalogue == "ours" else borrowed(catalogue)
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in texts if FAMILIAR.search(text)] == []
    assert [text for text in texts if "“" in text or "”" in text] == []
