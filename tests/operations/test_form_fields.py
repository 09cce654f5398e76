"""One day field, one period, one page that asks first."""

import re
from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from operations.clock import BAKU
from operations.form_fields import DayField, MomentField, PeriodForm
from tests.test_architecture import ROOT, sources

DAY = date(2026, 11, 24)
ASKED = {
    "az": "Günü daxil edin, məsələn, 24.11.2026.",
    "en": "Enter a day, for example 24.11.2026.",
    "ru": "Введите день, например 24.11.2026.",
}


class TripForm(PeriodForm):
    first_day = DayField(label="First")
    last_day = DayField(label="Last", required=False)


class CallForm(forms.Form):
    at = MomentField(label="At")


def errors(language: str, **sent: str) -> dict[str, list[str]]:
    with override(language):
        return {name: list(map(str, said)) for name, said in TripForm(sent).errors.items()}


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("typed", ["24.11.2026", "2026-11-24", " 24.11.2026 "])
def test_day_is_read_as_people_write_it_and_as_browsers_send_it(typed, language):
    with override(language):
        form = TripForm({"first_day": typed})
        assert form.is_valid() and form.cleaned_data["first_day"] == DAY


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("typed", ["", "11/24/2026", "24.11.26", "24.11.20261", "yesterday"])
def test_every_other_day_is_refused_in_the_same_words(typed, language):
    assert errors(language, first_day=typed) == {"first_day": [ASKED[language]]}


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31.02.2026", "31.02.2026"), ("29.2.2026", "29.02.2026"), ("01.13.2026", "01.13.2026"),
        ("2026-02-30", "30.02.2026"), ("00.01.2026", "00.01.2026"), ("01.01.0000", "01.01.0000"),
    ],
)  # fmt: skip
def test_day_that_does_not_exist_is_called_so(typed, day, language):
    told = {
        "az": f"Belə gün yoxdur: {day}.",
        "en": f"This day does not exist: {day}.",
        "ru": f"Такого дня не существует: {day}.",
    }
    assert errors(language, first_day=typed) == {"first_day": [told[language]]}
    with override(language):
        assert CallForm({"at": f"{typed}, 02:14"}).errors == {"at": [told[language]]}


def test_day_is_a_field_of_text_in_the_form_in_which_people_write_it():
    """A browser's own calendar follows the browser's language, not the page's."""
    shown = str(TripForm(initial={"first_day": DAY})["first_day"])
    assert 'type="text"' in shown and 'value="24.11.2026"' in shown
    with override("en"):
        hints = [str(DayField(help_text=given).help_text) for given in ("", "The first.")]
    assert hints == ["For example 24.11.2026.", "The first. For example 24.11.2026."]


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("typed", ["24.11.2026, 02:14", "24.11.2026 02:14", "2026-11-24T02:14"])
def test_moment_is_read_as_people_write_it_and_as_programs_send_it(typed, language):
    with override(language):
        form = CallForm({"at": typed})
        assert form.is_valid()
        assert form.cleaned_data["at"].astimezone(BAKU).isoformat() == "2026-11-24T02:14:00+04:00"
        assert 'value="24.11.2026, 02:14"' in str(CallForm(initial=form.cleaned_data)["at"])


@pytest.mark.parametrize("typed", ["", "24.11.2026", "24.11.2026, 25:00", "02:14", "11/24/2026 2:14 AM"])
def test_every_other_moment_is_refused_in_the_same_words(typed):
    with override("en"):
        assert CallForm({"at": typed}).errors == {
            "at": ["Enter day and time, for example 24.11.2026, 02:14."]
        }


def test_period_does_not_end_before_it_begins():
    assert errors("en", first_day="24.11.2026", last_day="2026-11-24") == {}
    assert errors("en", first_day="24.11.2026", last_day="23.11.2026") == {
        "last_day": ["The last day comes before the first."]
    }
    assert set(errors("en", first_day="never", last_day="23.11.2026")) == {"first_day"}


def test_no_other_day_field_and_no_other_confirmation_are_made():
    day, page = re.compile(r"forms\.Date(Time)?(Field|Input)\("), re.compile(r"[\"/]confirm\.html")
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sources()}
    assert {name for name, text in texts.items() if day.search(text)} == {"operations/form_fields.py"}
    assert {name for name, text in texts.items() if page.search(text)} == {"operations/confirmation.py"}
