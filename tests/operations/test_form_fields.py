"""One day field, one period, one page that asks first."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from operations.form_fields import DayField, PeriodForm
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
@pytest.mark.parametrize("typed", ["", "11/24/2026", "24.11.26", "2026-02-30", "yesterday"])
def test_every_other_day_is_refused_in_the_same_words(typed, language):
    assert errors(language, first_day=typed) == {"first_day": [ASKED[language]]}


def test_calendar_of_the_browser_shows_the_day():
    shown = str(TripForm(initial={"first_day": DAY})["first_day"])
    assert 'type="date"' in shown and 'value="2026-11-24"' in shown


def test_period_does_not_end_before_it_begins():
    assert errors("en", first_day="24.11.2026", last_day="2026-11-24") == {}
    assert errors("en", first_day="24.11.2026", last_day="23.11.2026") == {
        "last_day": ["The last day comes before the first."]
    }
    assert set(errors("en", first_day="never", last_day="23.11.2026")) == {"first_day"}


def test_no_other_day_field_and_no_other_confirmation_are_made():
    """One exception: the editor of courses has Wagtail's own calendar."""
    day, page = re.compile(r"forms\.Date(Field|Input)\("), re.compile(r"[\"/]confirm\.html")
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sources()}
    assert {name for name, text in texts.items() if day.search(text)} == {
        "courses/forms.py", "operations/form_fields.py",
    }  # fmt: skip
    assert {name for name, text in texts.items() if page.search(text)} == {"operations/confirmation.py"}
