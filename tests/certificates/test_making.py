from datetime import date, datetime, timedelta
from typing import Any

import pytest

from certificates import earning, making
from certificates.credentials.facts import new_salt
from certificates.models import Award, Certificate, QualificationVersion
from certificates.rules import QualificationRules
from operations import clock
from operations.clock import BAKU
from operations.history import revise
from people.actions.postings import post
from people.models import Agency, Posting, Role, Unit, User
from tests import factories
from tests.qualification_rules import evidence_of, rules_of

from .issuing import make_award, make_certificate

pytestmark = pytest.mark.django_db


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
    found = QualificationRules.read({**rules_of("C1-LAB", months=months), "name": {}})
    assert earning.days(found, None, awarded) == (awarded.date(), last)


def test_late_evening_in_utc_is_the_next_day_in_baku():
    found = QualificationRules.read({**rules_of("C1-LAB"), "name": {}})
    first, _last = earning.days(found, None, datetime.fromisoformat("2026-11-24T20:00:00Z"))
    assert first == date(2026, 11, 25)


def test_days_are_those_that_the_award_froze():
    """Whenever it was earned, and whatever the rules say now: a correction keeps them."""
    version = QualificationVersion(rules=rules_of("C1-LAB", months=12))
    evidence = evidence_of("2027-03-01", "2029-02-28")
    award = Award(
        awarded_at=datetime(2026, 12, 24, tzinfo=BAKU), qualification_version=version, evidence=evidence
    )
    assert making.days_of(award) == (date(2027, 3, 1), date(2029, 2, 28))


def edition(course: str, number: int, read: str, confirmed: str | None = None) -> dict[str, Any]:
    return {"course": course, "number": number, "legal_date": read, "law_confirmed_on": confirmed}


OLD = {"qualification": {"editions": [edition("C9", 9, "2020-01-01")]}}


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ([{"exam": {"edition": edition("C1", 4, "2026-05-01")}}], ("4", "2026-05-01", None)),
        (
            [
                {"exam": {"edition": edition("C1", 4, "2026-05-01", "2026-06-01")}},
                OLD,
                {"exam": {"edition": edition("C2", 1, "2026-03-01", "2026-07-01")}},
            ],
            ("C1 4, C2 1", "2026-03-01", "2026-07-01"),
        ),
        (
            [
                {"exam": {"edition": edition("C1", 4, "2026-05-01", "2026-06-01")}},
                {"exam": {"edition": edition("C2", 1, "2026-03-01")}},
            ],
            ("C1 4, C2 1", "2026-03-01", None),
        ),
        ([OLD], ("9", "2020-01-01", None)),
        ([], ("–", "2026-11-24", None)),
    ],
)
def test_editions_are_those_of_the_exams_or_of_what_it_rests_on(shown: Any, printed: tuple[str, str, str]):
    """Of several, the oldest day counts, and they are confirmed once all are."""
    version = QualificationVersion(rules=rules_of("C1"))
    found = making.edition_of(Award(qualification_version=version, evidence={"shown": shown}))
    confirmed = found.law_confirmed_on and found.law_confirmed_on.isoformat()
    assert (found.text, found.legal_baseline.isoformat(), confirmed) == printed


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
    said = {
        name: value
        for name, value in again.statement.items()
        if name not in {"bearer", "credentialSha256", "proof"}
    }
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
