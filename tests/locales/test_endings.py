"""Azerbaijani endings follow the sound of a word: none hangs on what is put into a text."""

import re
from pathlib import Path

import allauth
import polib
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from locales.messages import ROOT, opened

LETTER = "[a-zəğıöşüç]"
HANGING = re.compile(
    rf"""(%(\(\w+\))?[sd] | \{{\w+\}}) [»”"]? [-–’']? \(? {LETTER}  # %(name)s-dən, {{n}}da
    | {LETTER} [-–’']? \( {LETTER}{{1,3}} \)  # kursun(un), -(y)a
    | \b {LETTER}{{1,3}} / {LETTER}{{1,3}} \b  # a/ə, dan/dən""",
    re.VERBOSE | re.IGNORECASE,
)

VARIABLES = ("email", "name", "user", "phone", "recipient")  # of allauth's messages


@pytest.mark.parametrize(
    ("text", "hangs"),
    [
        ("%(until)s-dək", True),
        ("%(limit_value)s-(y)a/ə bərabər", True),
        ("{n}da", True),
        ("%d-ci qrup", True),
        ("«%(name)s»dan", True),
        ("kurs(un)", True),
        ("son vaxt: %(until)s", False),
        ("%(day)s tarixinədək", False),
        ("2012-ci il, saat 24:00-dək (CSV)", False),
    ],
)
def test_hanging_endings_are_known(text: str, hangs: bool) -> None:
    assert bool(HANGING.search(text)) is hangs


@pytest.mark.parametrize("catalogue", ["ours", "wagtail/django", "wagtail/djangojs"])
def test_no_ending_hangs_on_a_variable(catalogue: str) -> None:
    entries = opened("az") if catalogue == "ours" else _borrowed(catalogue.removeprefix("wagtail/"))
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert texts
    assert [text for text in texts if HANGING.search(text)] == []


def _borrowed(domain: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locales/wagtail/az/LC_MESSAGES" / f"{domain}.po"))


MESSAGES = sorted(
    f"{app}/messages/{file.name}"
    for app in ("account", "mfa", "socialaccount", "usersessions")
    for file in (Path(allauth.__file__).parent / "templates" / app / "messages").iterdir()
)


@pytest.mark.parametrize("template", MESSAGES)
def test_no_ending_hangs_on_what_signing_in_puts_into_a_message(template: str) -> None:
    """allauth's own, or ours in their place: as they are shown."""
    with translation.override("az"):
        said = render_to_string(template, dict.fromkeys(VARIABLES, "WORD"))
    assert not re.search(rf"WORD[»”\"]?[-–’']?\(?{LETTER}", said), said


def test_messages_with_an_address_are_looked_at() -> None:
    with translation.override("az"):
        said = [render_to_string(template, dict.fromkeys(VARIABLES, "WORD")) for template in MESSAGES]
    assert sum("WORD" in each for each in said) >= 4
