"""A sentence that ends with a full stop ends so in every language."""

import pytest

from locales.languages import CATALOGUES
from locales.messages import opened


@pytest.mark.parametrize("language", CATALOGUES)
def test_full_stops_are_translated(language: str) -> None:
    entries = [
        (e.msgid, text) for e in opened(language) for text in list(e.msgstr_plural.values()) or [e.msgstr]
    ]
    assert entries
    assert [
        text for english, text in entries if english.endswith(".") and not text.endswith((".", ".»"))
    ] == []
