"""After a merging: whatever belonged to the record that went is the person's, and is shown with the other."""

from datetime import timedelta

import pytest
from django.utils import translation

from assessments.models import Answer, Attempt
from assessments.refusals import TooEarly
from certificates.models import Certificate
from clearance.models import Decision
from courses import actions as courses
from courses.models import Enrolment, LessonPage
from courses.progress import progress_of
from courses.requirements import exam_requirements
from courses.self_checks import checks_in
from merging.actions.merge import confirm_merge, propose_merge
from operations import clock
from operations.history import HistoryError
from operations.models import AuditEntry, Notice
from operations.outbox import work_off
from people.actions.leaves import add_leave
from people.actions.postings import newest_change, take_back
from people.models import AddressRequest, Leave, Posting, User
from people.timeline import as_of, events_of
from people.visibility import Visibility
from privacy.actions.corrections import ask_correction
from privacy.models import CorrectionRequest
from tests import factories, tiny
from tests.courses.factories import outline
from tests.factories import counted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def twin(unit, role) -> User:
    """The officer once more, entered by mistake, since ten days."""
    return factories.make_person(
        "Mamedova", "Ayten", email="twin@agency.example", unit=unit, role=role, service_number="LAB-9999",
        posted_from=clock.now() - 10 * DAY, password=factories.PASSWORD,
    )  # fmt: skip


@pytest.fixture
def merge(officer, twin, coordinator, admin):
    def act(kept: User = officer, gone: User = twin) -> User:
        proposal = propose_merge(kept=kept, gone=gone, by=coordinator)
        return confirm_merge(proposal=proposal, by=admin)

    return act


def told(person: User) -> list[tuple[str, str]]:
    return [(str(event.title), str(event.text)) for event in events_of(person, Visibility(None, None))]


# --- the page -----------------------------------------------------------------------------------------------


def test_page_shows_what_stood_in_the_other_record_and_when_it_was_merged(
    officer, merge, coordinator, client_of
):
    merge()
    page = client_of(coordinator).get(f"/en/people/{officer.public_id}/")
    [card] = [card for card in page.context["cards"] if card.title == "Merged records"]
    assert [(str(line.title), line.code) for line in card.lines] == [
        ("Mamedova Ayten", ""), ("ganja (en)", "LAB-9999"),
    ]  # fmt: skip
    assert "LAB-9999" in page.text and "Another record was merged into this one" in page.text


@pytest.mark.usefixtures("english")
def test_history_of_both_is_told_in_order_and_the_move_once(officer, twin, agency, merge):
    with clock.at(clock.now() - 5 * DAY):
        add_leave(person=twin, agency=agency, valid_from=clock.now(), valid_to=clock.now() + DAY, by=None)
    merge()
    assert told(officer) == [
        ("Began to serve", "ganja (en), LAB (en)"),
        ("Began to serve (in the merged record)", "ganja (en), LAB (en)"),
        ("Leave (in the merged record)", ""),
        ("Another record was merged into this one", "Mamedova Ayten"),
    ]
    assert Leave.objects.known().get().user == officer


@pytest.mark.usefixtures("english")
def test_what_only_the_other_knew_was_known_before_the_merging(officer, unit, role, merge):
    start = Posting.objects.get(user=officer).valid_from
    earlier = factories.make_person(
        "Mamedova", "Ayten", unit=unit, role=role, service_number="LAB-1", posted_from=start - 90 * DAY
    )
    with clock.at(clock.now() + DAY):
        merge(gone=earlier)
    answer = as_of(officer, Visibility(None, None), start - DAY)
    assert (answer.then, answer.today) == ([], ["ganja (en), LAB (en)"])
    with clock.at(clock.now() + 2 * DAY):
        answer = as_of(officer, Visibility(None, None), clock.now() - DAY - timedelta(hours=1))
    assert len(answer.then) == 2 and len(answer.today) == 1  # both records were known then


def test_page_asks_as_often_for_three_merged_records_as_for_one(
    officer, unit, role, merge, coordinator, client_of
):
    merge()
    client, page = client_of(coordinator), f"/en/people/{officer.public_id}/"
    client.get(page)
    with counted() as one:
        client.get(page)
    for _number in range(2):
        merge(gone=factories.make_person("Mamedova", "Ayten", unit=unit, role=role))
    with counted() as three:
        client.get(page)
    assert len(one) == len(three)


def test_merging_is_not_undone_with_the_last_change(
    officer, unit, role, agency, merge, coordinator, client_of
):
    """Rows of the other record would be in neither."""
    start = Posting.objects.get(user=officer).valid_from
    earlier = factories.make_person("Mamedova", "Ayten", unit=unit, role=role, posted_from=start - 90 * DAY)
    merge(gone=earlier)
    newest = newest_change(officer, agency)
    with pytest.raises(HistoryError, match="merging"), translation.override("en"):
        take_back(person=officer, agency=agency, at=newest, by=coordinator)
    assert Posting.objects.known().filter(user=officer).count() == 2
    page = client_of(coordinator).get(f"/en/people/{officer.public_id}/undo/")
    assert "There is nothing to undo" in page.text and "merging of two records" in page.text
    assert page.context["page"].button == ""


# --- courses ------------------------------------------------------------------------------------------------


def lessons(curriculum: tiny.Curriculum) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(curriculum.course).live().order_by("path"))


def test_course_of_the_other_is_followed_by_the_one_that_stays(
    curriculum, officer, twin, merge, coordinator, client_of
):
    theirs = courses.enrol(person=twin, course=curriculum.course, by=twin)
    courses.mark_read(enrolment=theirs, lesson=lessons(curriculum)[0], by=twin)
    merge()
    [found] = progress_of(officer)
    assert (found.enrolment_id, found.done) == (theirs.public_id, 1)
    entry = AuditEntry.objects.get(act="courses.carry_over")
    assert (entry.subject_id, entry.after) == (
        theirs.public_id, {"person": officer.public_id, "into": None},
    )  # fmt: skip
    assert "1 of 2 lessons done" in client_of(coordinator).get(f"/en/people/{officer.public_id}/").text


def test_of_a_course_that_both_follow_one_stays_with_all_that_was_read(curriculum, officer, twin, merge):
    first, second = lessons(curriculum)
    theirs = courses.enrol(person=twin, course=curriculum.course, by=twin, due_on=clock.today() + 10 * DAY)
    own = courses.enrol(person=officer, course=curriculum.course, by=officer, due_on=clock.today() + 20 * DAY)
    courses.mark_read(enrolment=own, lesson=first, by=officer)
    with clock.at(clock.now() + DAY):
        for lesson in (first, second):
            courses.mark_read(enrolment=theirs, lesson=lesson, by=twin)
        read_again = clock.now()
        merge()
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.due_on, own.ended_at, theirs.person) == (clock.today() + 10 * DAY, None, officer)
    assert theirs.ended_at is not None and list(Enrolment.objects.open()) == [own]
    assert {row.lesson_id: row.read_at >= read_again - DAY / 2 for row in own.progress.all()} == {
        first.pk: True, second.pk: True,
    }  # fmt: skip
    assert [found.done for found in progress_of(officer)] == [2]


def test_self_checks_answered_under_either_record_count_once(curriculum, officer, twin, merge):
    lesson = tiny.add_checks(curriculum, lessons(curriculum)[0].slug, count=3)
    first, second, third = checks_in(lesson.body.raw_data)
    theirs = courses.enrol(person=twin, course=curriculum.course, by=twin)
    own = courses.enrol(person=officer, course=curriculum.course, by=officer)
    for enrolment, codes in ((theirs, (first, second)), (own, (second, third))):
        for code in codes:
            courses.finish_check(enrolment=enrolment, lesson=lesson, check_code=code, by=enrolment.person)
    courses.mark_read(enrolment=theirs, lesson=lesson, by=twin)
    assert [found.done for found in progress_of(officer)] == [0]
    merge()
    assert sorted(own.checks_done.values_list("check_code", flat=True)) == sorted((first, second, third))
    assert [found.done for found in progress_of(officer)] == [1]
    page = next(item for item in outline(curriculum.course).assessments if item.use == "exam")
    found = exam_requirements(officer, outline(curriculum.course), page)
    assert [item.pk for item in found.lessons] == [other.pk for other in lessons(curriculum)[1:]]


# --- attempts -----------------------------------------------------------------------------------------------


def start(curriculum: tiny.Curriculum, person: User) -> Attempt:
    return tiny.begin_exam(curriculum, person)


def test_open_attempt_of_the_other_is_closed_with_its_answers_and_makes_nobody_wait(
    curriculum, officer, twin, merge, client_of
):
    theirs, own = start(curriculum, twin), start(curriculum, officer)
    tiny.answer(theirs, harm=True)
    answers = Answer.objects.filter(attempt=theirs).count()
    merge()
    theirs.refresh_from_db()
    assert (theirs.closing, theirs.passed) == ("merged", False)
    assert Answer.objects.filter(attempt=theirs).count() == answers > 0
    own.refresh_from_db()
    assert own.closed_at is None and start(curriculum, officer) == own
    page = client_of(officer).get(f"/en/attempts/{theirs.public_id}/result/")
    assert "It was closed when two records of yours became one" in page.text
    assert page.context["outcome"].result.retry_at is None
    officer2_page = client_of(factories.make_person()).get(f"/en/attempts/{theirs.public_id}/result/")
    assert officer2_page.status_code == 403


def test_after_it_the_exam_is_begun_anew_at_once_with_other_cases(curriculum, officer, twin, merge):
    theirs = start(curriculum, twin)
    met = set(theirs.cases.values_list("version__scenario__code", flat=True))
    merge()
    again = start(curriculum, officer)
    assert again.person == officer
    assert met.isdisjoint(again.cases.values_list("version__scenario__code", flat=True))


def test_wait_after_a_failure_holds_for_the_record_that_stays(curriculum, officer, twin, merge):
    tiny.sit_exam(curriculum, twin, well=False)
    merge()
    with pytest.raises(TooEarly):
        start(curriculum, officer)


@pytest.mark.usefixtures("keys")
def test_pass_of_the_other_is_a_pass_and_its_certificate_is_the_persons(
    curriculum, officer, twin, merge, client_of
):
    attempt = tiny.sit_exam(curriculum, twin)
    merge()  # while the certificate is being made
    client = client_of(officer)
    assert [award.cause for award in client.get("/en/certificates/").context["being_made"]] == [
        f"attempt:{attempt.public_id}:C1-LAB"
    ]
    work_off(["certificates.issue"])
    [certificate] = Certificate.objects.held_by(officer)
    assert certificate.bearer.names["Latn"] == "Məmmədova Aytən Kamran qızı"
    assert certificate.bearer.agency["en"] == "labour-inspection (en)"
    assert Notice.objects.get(kind="certificates.issued").person == officer
    result = client.get(f"/en/attempts/{attempt.public_id}/result/")
    assert (result.status_code, result.context["outcome"].result.passed) == (200, True)


@pytest.mark.usefixtures("keys")
def test_desk_clears_the_officer_by_the_certificate_of_the_other_record(
    curriculum, officer, twin, merge, duty_officer, client_of
):
    spelt = {part: getattr(officer, part) for part in ("family_name", "given_name", "father_name")}
    User.objects.filter(pk=twin.pk).update(**spelt)  # in another spelling it would be issued to another name
    certificate = tiny.certify(curriculum, User.objects.get(pk=twin.pk))
    desk = client_of(duty_officer)
    asked = {"who": "LAB-0417", "function": "F8"}
    desk.post("/en/desk/", asked)
    merge()
    shown = desk.post("/en/desk/", asked, follow=True)
    before, after = Decision.objects.order_by("pk")
    assert (before.answer, after.answer) == ("not-cleared", "cleared")
    assert after.evidence["relied_on"] == [certificate.public_id] and "cleared" in shown.text
    desk.post("/en/desk/", {**asked, "who": "LAB-9999"})  # as an old list says it
    assert Decision.objects.latest("pk").person == officer and Decision.objects.count() == 3


# --- what waits ---------------------------------------------------------------------------------------------


def test_requests_and_supervision_go_over_and_nobody_supervises_oneself(
    officer, officer2, twin, unit, merge, coordinator, client_of
):
    led = factories.make_person("Vəliyev", "Elçin", unit=unit, supervisor=twin)
    User.objects.filter(pk=officer2.pk).update(supervisor=twin)
    User.objects.filter(pk=officer.pk).update(supervisor=officer2)
    asked = ask_correction(person=twin, about="name", text="It is Məmmədova.", by=twin)
    AddressRequest.objects.create(person=twin, email="new@agency.example", expires_at=clock.now() + DAY)
    merge(kept=User.objects.get(pk=officer.pk))
    people = User.objects.in_bulk([led.pk, officer2.pk, officer.pk])
    assert people[led.pk].supervisor == officer
    assert (people[officer2.pk].supervisor, people[officer.pk].supervisor) == (None, officer2)
    assert CorrectionRequest.objects.get().person == officer
    assert client_of(coordinator).get(f"/en/people/corrections/{asked.public_id}/").status_code == 200
    assert AddressRequest.objects.get().outcome == "withdrawn"


def test_messages_that_wait_reach_the_record_that_stays_once(officer, twin, merge):
    for person, subjects in ((twin, "abc"), (officer, "b")):
        for subject in subjects:
            Notice.objects.create(person=person, kind="privacy.erased", subject_id=subject, urgency="bundle")
    Notice.objects.filter(person=twin, subject_id="c").update(sent_at=clock.now())
    merge()
    theirs = Notice.objects.filter(kind="privacy.erased").order_by("person", "subject_id")
    assert [(each.person, each.subject_id) for each in theirs] == sorted(
        [(officer, "a"), (officer, "b"), (twin, "b"), (twin, "c")], key=lambda row: (row[0].pk, row[1])
    )
