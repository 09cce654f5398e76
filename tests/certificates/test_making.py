from datetime import date, datetime, timedelta

import pytest

from certificates import making
from certificates.credentials.facts import new_salt
from certificates.models import Award, Certificate, QualificationVersion
from operations import clock
from operations.clock import BAKU
from operations.history import revise
from people.actions.postings import post
from people.models import Agency, Posting, Role, Unit, User
from tests import factories

from .issuing import make_award, make_certificate

pytestmark = pytest.mark.django_db


def award_on(day: datetime, months: int) -> Award:
    return Award(awarded_at=day, qualification_version=QualificationVersion(rules={"valid_months": months}))


@pytest.mark.parametrize(
    "awarded, months, last",
    [
        (datetime(2026, 11, 24, 23, 59, tzinfo=BAKU), 24, date(2028, 11, 23)),
        (datetime(2026, 8, 31, tzinfo=BAKU), 6, date(2027, 2, 27)),
        (datetime(2028, 2, 29, 12, tzinfo=BAKU), 12, date(2029, 2, 27)),
        (datetime(2026, 1, 1, tzinfo=BAKU), 12, date(2026, 12, 31)),
    ],
)
def test_days_are_counted_in_baku_and_end_before_the_same_day(awarded: datetime, months: int, last: date):
    assert making.days_of(award_on(awarded, months)) == (awarded.date(), last)


def test_late_evening_in_utc_is_the_next_day_in_baku():
    first, _last = making.days_of(award_on(datetime.fromisoformat("2026-11-24T20:00:00Z"), 24))
    assert first == date(2026, 11, 25)


def agency_of(person: User, instant: datetime) -> str:
    award = make_award(person, at=instant)
    return making.bearer_of(award, new_salt()).agency["az"]


def test_agency_is_that_of_the_time_of_the_award(officer: User, other_unit: Unit):
    moved = clock.start_of(clock.today()) - timedelta(days=10)
    posting = Posting.objects.current().get(user=officer)
    elsewhere = {"unit": other_unit, "agency": other_unit.agency, "valid_from": moved}
    revise(
        withdraw=[posting], insert=[posting.revised(valid_to=moved), posting.revised(**elsewhere)], by=None
    )
    assert agency_of(officer, moved - timedelta(seconds=1)) == "labour-inspection"
    assert agency_of(officer, moved) == "migration-service"


def test_agency_is_that_of_the_main_posting(other_unit: Unit, unit: Unit, role: Role):
    person = factories.make_person(unit=other_unit, role=role)
    side = factories.make_person()
    for someone, where, main in ((person, unit, False), (side, unit, False), (side, other_unit, True)):
        post(
            person=someone, unit=where, role=role, service_number=None,
            valid_from=factories.a_year_ago(), main=main, by=None,
        )  # fmt: skip
    assert [agency_of(person, clock.now()), agency_of(side, clock.now())] == ["migration-service"] * 2


def test_nobody_s_agency_is_said_not_to_be_stated(outsider: User):
    assert agency_of(outsider, clock.now()) == "Qurum göstərilməyib"


def test_names_stand_in_each_script_that_documents_have(keys: None, officer: User):
    award = make_award(officer)
    assert making.bearer_of(award, new_salt()).names == {"Latn": "Məmmədova Aytən Kamran qızı"}
    officer.family_name_cyrillic, officer.given_name_cyrillic = "Мамедова", "Айтен"
    award.person = officer
    assert making.bearer_of(award, new_salt()).names == {
        "Latn": "Məmmədova Aytən Kamran qızı",
        "Cyrl": "Мамедова Айтен",
    }


def test_the_same_stands_in_row_statement_credential_and_token(certificate: Certificate):
    made = making.of_certificate(certificate, thorough=True)
    facts = made.facts
    assert (facts.public_id, facts.code) == (certificate.public_id, certificate.short_code)
    assert (facts.valid_from, facts.valid_until) == (certificate.valid_from, certificate.valid_to)
    assert certificate.valid_to == clock.end_of(facts.last_day)
    assert made.bearer.names == certificate.bearer.names
    assert made.qr_text.startswith(f"http://localhost:8000/c/{certificate.public_id}#")


def test_made_again_from_the_same_award_it_says_the_same(keys: None, certificate: Certificate):
    with clock.at(clock.now() + timedelta(days=40)):
        again = making.make(certificate.reservation)
    said = {name: value for name, value in again.statement.items() if name not in {"bearer", "proof"}}
    assert said == {name: certificate.statement[name] for name in said}
    assert again.bearer.salt != making.of_certificate(certificate).bearer.salt


def test_certificate_of_an_earlier_pass_begins_then(keys: None, officer: User):
    then = datetime(2024, 5, 6, 7, 8, 9, 123_456, tzinfo=BAKU)
    made = make_certificate(officer, at=then, months=12)
    assert (made.issued_at, clock.last_day(made.valid_to)) == (then, date(2025, 5, 5))
    assert made.statement["awardedAt"] == "2024-05-06T03:08:09Z"


def test_agency_names_are_those_of_each_language(keys: None, officer: User, agency: Agency):
    assert make_certificate(officer).bearer.agency == {
        "az": "labour-inspection",
        "en": "labour-inspection (en)",
        "ru": "labour-inspection (ru)",
    }
