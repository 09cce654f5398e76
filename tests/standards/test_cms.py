"""Legal sources and indicators as trainers look them up at /cms/, in their language."""

from datetime import date

import pytest

from people.models import User
from standards.models import LegalSource
from tests.factories import client_of

pytestmark = pytest.mark.django_db
DAYS = {"az": "30.06.2012", "en": "30 June 2012", "ru": "30.06.2012"}


@pytest.fixture
def source(db: None) -> LegalSource:
    return LegalSource.objects.create(
        code="THB-1", kind="law", article="1", adopted=date(2005, 6, 28), state_on=date(2012, 6, 30), confidence="S",
        **{f"instrument_{code}": f"Law {code}" for code in ("az", "en", "ru")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "many", "label"),
    [
        ("az", "Hüquqi mənbələr", "Sənəd"),
        ("en", "Legal sources", "Instrument"),
        ("ru", "Правовые источники", "Акт"),
    ],
)
def test_list_and_one_source_are_named_in_the_readers_language(
    language: str, many: str, label: str, source: LegalSource, trainer: User
) -> None:
    client = client_of(trainer)
    client.cookies["nisane_language"] = language
    listed = client.get("/cms/legalsource/").text
    shown = client.get(f"/cms/legalsource/inspect/{source.pk}/").text
    assert many in listed and label in listed
    assert DAYS[language] in listed
    for code in ("az", "en", "ru"):
        assert f"{label} [{code}]" in shown and f"Law {code}" in shown


def test_outsiders_do_not_look_them_up(source: LegalSource, outsider: User, officer: User) -> None:
    for person in (outsider, officer):
        assert client_of(person).get("/cms/legalsource/").status_code == 302
        assert client_of(person).get(f"/cms/legalsource/inspect/{source.pk}/").status_code == 302
