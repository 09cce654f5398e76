from datetime import timedelta

import pytest
from django.test import Client

from assessments import actions as assessments
from certificates.models import CertificateCheck
from clearance import actions as clearance
from courses.actions import enrol
from operations import clock
from operations.outbox import work_off
from people.actions.postings import post
from privacy.models import CorrectionRequest
from rosters.models import RosterImport
from tests import factories, tiny
from tests.factories import Position


def home(person, language: str = "en"):
    return factories.client_of(person).get(f"/{language}/")


def test_stranger_gets_the_first_page(db):
    page = Client().get("/az/")
    assert (page.status_code, page.templates[0].name) == (200, "pages/welcome.html")


def test_officer_is_told_what_is_due(curriculum, officer):
    overview = home(officer).context["overview"]
    [due] = overview.due
    assert (due.way.code, due.reason.why, due.functions) == ("C1-LAB", "none-held", [curriculum.desk_review])
    assert due.way.course_url == "/en/courses/c1-lab/"
    assert (overview.may, overview.held, overview.courses) == ([], [], [])


def test_open_attempt_is_shown(curriculum, officer):
    attempt = assessments.start_attempt(blueprint=curriculum.practice, origin="enrolment:x", by=officer)
    assert home(officer).context["overview"].attempts == [attempt]


def test_certificate_is_shown_as_being_made_and_then_as_held(curriculum, officer, keys):
    tiny.sit_exam(curriculum, officer)
    overview = home(officer).context["overview"]
    assert (len(overview.being_made), len(overview.held), len(overview.due)) == (1, 0, 0)
    work_off(["certificates.issue"])
    overview = home(officer).context["overview"]
    assert (len(overview.being_made), len(overview.held), len(overview.due)) == (0, 1, 0)
    assert [found.function for found in overview.may] == [curriculum.desk_review]


def test_nobody_may_do_anything_on_a_certificate_that_is_not_proved(
    curriculum, officer, officer2, coordinator, duty_officer, keys
):
    """As the desk says: while it is made, and where a nightly proof failed."""
    certificate = tiny.certify(curriculum, officer)
    person = f"/en/people/{officer.public_id}/"

    def told() -> tuple[bool, bool, list[str]]:
        card = factories.client_of(coordinator).get(person).text.split("May do today")[1]
        may = home(officer).context["overview"].may
        return (
            bool(may),
            "tag-ok" in card.split("</section>")[0],
            instead_of(officer2, curriculum, duty_officer),
        )

    assert told() == (True, True, [officer.public_id])
    CertificateCheck.objects.update(document="failed")
    assert told() == (False, False, [])
    certificate.check_record.delete()
    assert told() == (False, False, [])


def instead_of(person, curriculum, by) -> list[str]:
    decision = clearance.decide(function=curriculum.desk_review, person=person, instant=clock.now(), by=by)
    page = factories.client_of(by).get(f"/en/desk/{decision.public_id}/")
    return [colleague.user.public_id for colleague in page.context["colleagues"].own]


def test_coordinator_is_not_told_what_somebody_does_in_another_agency(
    curriculum, officer, other_unit, coordinator, coordinator_other
):
    tiny.function("F9", 9, "Border check", roles=["BOR"])
    post(
        person=officer, unit=other_unit, role=factories.make_role("BOR"), service_number="B-1",
        valid_from=factories.a_year_ago(), main=False, by=None,
    )  # fmt: skip
    pages = [factories.client_of(one).get(f"/en/people/{officer.public_id}/").text
             for one in (coordinator, coordinator_other)]  # fmt: skip
    assert [("Desk review" in page, "Border check" in page) for page in pages] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(("days_before", "warning"), [(91, None), (89, 90), (29, 30), (6, 7)])
def test_certificate_that_ends_soon_is_due(curriculum, officer, keys, days_before, warning):
    certificate = tiny.certify(curriculum, officer)
    with clock.at(certificate.valid_to - timedelta(days=days_before)):
        overview = home(officer).context["overview"]
        assert [held.warning for held in overview.held] == [warning]
        assert [due.ends_within for due in overview.due] == ([warning] if warning else [])


@pytest.mark.parametrize(
    ("days_before", "words", "parts"),
    [(600, "600 days left", (18, 88)), (40, "ends in 40 days", (95, 88)), (0, "ends in 0 days", (100, 88))],
)
def test_certificate_says_how_long_it_holds_and_from_when_it_is_renewed(
    curriculum, officer, keys, days_before, words, parts
):
    certificate = tiny.certify(curriculum, officer)
    with clock.at(certificate.valid_to - timedelta(days=days_before, hours=0 if days_before else 1)):
        page = home(officer)
        [held] = page.context["overview"].held
        assert words in page.text and (held.lived, held.opens_at, held.renewable) == (*parts, 12)


def test_expired_certificate_makes_the_function_due(curriculum, officer, keys):
    certificate = tiny.certify(curriculum, officer)
    with clock.at(certificate.valid_to + timedelta(days=40)):
        page = home(officer)
    [due] = page.context["overview"].due
    assert due.reason.why == "expired"
    assert (page.context["overview"].may, page.status_code) == ([], 200)


def test_another_role_has_no_such_duty(curriculum, unit):
    police = factories.make_person(unit=unit, role=factories.make_role("POL"))
    assert home(police).context["overview"].due == []


@pytest.mark.parametrize("position", [Position.COORDINATOR, Position.DUTY_OFFICER])
def test_staff_whose_role_has_no_function_read_of_their_work_alone(curriculum, unit, position):
    """Until they follow a course: then of that too."""
    staff = factories.make_person(unit=unit, role=factories.make_role("ADM"))
    factories.give(staff, position, agency=unit.agency)
    page = home(staff).text
    assert "tag-bad" not in page and "Not cleared" not in page and "None yet" not in page
    assert "Your work here" in page and "My training" not in page
    enrol(person=staff, course=curriculum.course, by=staff)
    assert "My training" in home(staff).text


def test_somebody_without_a_position_whose_role_has_no_function_finds_nothing_red(curriculum, unit):
    staff = factories.make_person(unit=unit, role=factories.make_role("ADM"))
    page = home(staff).text
    assert "tag-bad" not in page and "First contact" in page


@pytest.mark.parametrize(
    ("person", "ways"),
    [
        ("duty_officer", ["/en/desk/", "/en/desk/shift/", "/en/desk/decisions/"]),
        (
            "coordinator",
            [
                "/en/people/home/", "/en/desk/", "/en/desk/shift/", "/en/desk/decisions/", "/en/desk/overrides/",
                "/en/desk/evidence/", "/en/people/rosters/",
            ],
        ),
        ("registrar", ["/en/certificates/register/", "/en/certificates/register/to-answer/"]),
        (
            "auditor",
            [
                "/en/desk/decisions/", "/en/desk/overrides/", "/en/desk/evidence/", "/en/certificates/register/",
                "/en/people/figures/", "/en/rules/", "/en/certificates/qualifications/", "/en/people/audit/",
            ],
        ),
        ("shift_leader", ["/en/desk/", "/en/desk/shift/", "/en/desk/decisions/", "/en/desk/overrides/"]),
        ("trainer", ["/cms/"]),
        ("reviewer", ["/cms/"]),
        (
            "admin",
            [
                "/en/people/", "/en/people/rosters/", "/en/people/accounts/", "/en/people/positions/",
                "/en/people/agencies/",
            ],
        ),
        ("officer", []),
        ("outsider", []),
    ],
)  # fmt: skip
def test_position_has_a_way_to_its_work(person, ways, request, db):
    page = home(request.getfixturevalue(person))
    titles = [tile.title for tile in page.context["overview"].tiles]
    assert len(set(titles)) == len(titles)
    assert [tile.href for tile in page.context["overview"].tiles] == ways


def test_what_waits_stands_before_everything_else_with_its_age(coordinator, agency, officer):
    with clock.at(clock.now() - timedelta(days=4)):
        CorrectionRequest.objects.create(person=officer, agency=agency, about="name", text="One letter.")
    RosterImport.objects.create(
        agency=agency, by=coordinator, state=RosterImport.State.CHECKED, valid_from=clock.now()
    )
    page = home(coordinator)
    assert [(each.text, each.age, each.late) for each in page.context["waits"]] == [
        ("1 request for correction to answer", "for 4 days", True),
        ("1 roster that is checked and not applied", "for less than an hour", False),
    ]
    main = page.text.split("<main", 1)[1]
    assert main.index("for 4 days") < main.index("/en/people/home/") < main.index("/en/desk/")
    assert home(officer).context["waits"] == []


def test_who_only_works_for_others_gets_no_empty_cards_of_training(registrar):
    assert "You get one when you pass" not in home(registrar).text


def test_outsider_is_told_that_nothing_is_assigned(outsider):
    page = home(outsider)
    assert (page.context["is_empty"], page.status_code) == (True, 200)


def test_home_shows_one_persons_own(curriculum, officer, officer2, keys):
    tiny.certify(curriculum, officer2)
    assert home(officer).context["overview"].held == []


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_home_is_there_in_every_language(curriculum, officer, keys, language):
    tiny.certify(curriculum, officer)
    page = home(officer, language)
    assert (page.status_code, page.headers["Content-Language"]) == (200, language)


def test_queries_of_home_do_not_grow(curriculum, officer, keys):
    """One and three courses, functions and certificates."""
    tiny.certify(curriculum, officer)
    client = factories.client_of(officer)
    client.get("/en/")
    with factories.counted() as one:
        client.get("/en/")
    for number in (2, 3):
        tiny.more(officer, number)
    client.get("/en/")
    with factories.counted() as three:
        overview = client.get("/en/").context["overview"]
    assert (len(overview.courses), len(overview.held), len(overview.may)) == (3, 3, 3)
    assert len(three) == len(one)
