"""Editions at /cms/: a trainer proposes, a reviewer decides, either takes back."""

import pytest
from django.test import Client

from courses.models import CoursePage, Edition, Enrolment, LessonPage
from operations.models import Proposal
from people.models import User
from tests.factories import client_of, names

from .factories import LAW, in_cms, lesson_of, make_lesson, module_of, propose

pytestmark = pytest.mark.django_db
EDITIONS = "/cms/editions/"


@pytest.fixture
def fresh(course: CoursePage) -> CoursePage:
    make_lesson(module_of(course, "one"), "lesson-1", heading=names("Fresh"))
    return course


@pytest.fixture
def proposal(fresh: CoursePage, trainer: User) -> Proposal:
    return propose(fresh, trainer)


def test_edition_goes_from_a_trainer_over_a_reviewer_to_readers_of_all_languages(
    fresh: CoursePage, author: Client, trainer: User, reviewer: User, enrolment: Enrolment
) -> None:
    page = f"{EDITIONS}{fresh.pk}/propose/"
    assert "Fresh" in author.get(page).text
    sent = {"reason": "Clearer", "material": "on", "legal_date": LAW.isoformat(), "languages": ["en", "ru"]}
    assert author.post(page, sent).headers["Location"] == EDITIONS
    assert Edition.objects.count() == 1
    waiting = f"{EDITIONS}proposals/{Proposal.objects.get().public_id}/"
    second = in_cms(reviewer)
    assert "Waits for a reviewer" in author.get(EDITIONS).text
    assert waiting in (asked := second.get(EDITIONS).text) and "Read and decide" in asked
    assert "Confirm: readers see it now" in second.get(waiting).text
    assert second.post(waiting + "confirm/").headers["Location"] == EDITIONS
    edition = Edition.objects.get(number=2)
    assert (edition.reason, edition.material) == ("Clearer", True)
    assert (edition.published_by, edition.confirmed_by) == (trainer, reviewer)
    reader = client_of(enrolment.person)
    shown = [reader.get(f"/{code}/courses/c1/one/lesson-1/").text for code in ("az", "en", "ru")]
    assert ["Fresh" in text and "2" in text for text in shown] == [True] * 3


def test_reviewer_reads_which_languages_the_edition_loses(
    fresh: CoursePage, author: Client, reviewer: User
) -> None:
    author.post(
        f"{EDITIONS}{fresh.pk}/propose/", {"reason": "x", "legal_date": LAW.isoformat(), "languages": ["en"]}
    )
    page = in_cms(reviewer).get(f"{EDITIONS}proposals/{Proposal.objects.get().public_id}/")
    assert (page.context["languages"], page.context["languages_gone"]) == (
        ["Azərbaycanca", "English"], ["Русский"],
    )  # fmt: skip
    assert "Not any more: Русский." in page.text


def test_edition_that_only_loses_a_language_claims_nothing_of_sources(
    course: CoursePage, author: Client, reviewer: User
) -> None:
    author.post(
        f"{EDITIONS}{course.pk}/propose/",
        {"reason": "x", "legal_date": LAW.isoformat(), "languages": ["en"]},
    )
    page = in_cms(reviewer).get(f"{EDITIONS}proposals/{Proposal.objects.get().public_id}/").text
    assert ("No page changes." in page, "sources were read" in page) == (True, False)


def test_page_names_what_stands_in_the_way(fresh: CoursePage, author: Client) -> None:
    heading = {"az": "Yarımçıq", "en": "Half", "ru": ""}
    make_lesson(module_of(fresh, "one"), "lesson-1", heading=heading, sources=[])
    page = author.get(f"{EDITIONS}{fresh.pk}/propose/")
    assert [(row.page.slug, row.gaps) for row in page.context["gaps"]] == [
        ("lesson-1", ["What the lesson rests on"])
    ]
    assert page.context["missing"] == [("Русский", 1)]
    assert "Русский: 1 text is missing." in page.text


def test_stale_texts_are_offered_one_by_one(course: CoursePage, author: Client) -> None:
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    draft.heading_az = "Yeni"
    draft.save_revision()
    page = f"{EDITIONS}{course.pk}/propose/"
    form = author.get(page).context["form"]
    choices = form.fields["accepted"].choices
    assert [words.split(" · ")[0] for _key, words in choices] == ["English", "Русский"]
    assert form.initial.get("accepted") is None
    sent = {"reason": "x", "legal_date": LAW.isoformat(), "languages": ["en", "ru"]}
    assert "1 text is older than the Azerbaijani and is not ticked" in author.post(page, sent).text
    sent["accepted"] = [key for key, _words in choices]
    assert author.post(page, sent).status_code == 302


def test_reviewer_who_wrote_in_it_is_told_so_and_may_send_it_back(
    fresh: CoursePage, author: Client, trainer: User, reviewer: User
) -> None:
    lesson = make_lesson(module_of(fresh, "one"), "lesson-1", heading=names("Theirs"), by=reviewer)
    waiting = f"{EDITIONS}proposals/{propose(fresh, trainer).public_id}/"
    second = in_cms(reviewer)
    page = second.get(waiting).text
    assert "another reviewer must confirm" in page
    assert "Confirm: readers see it now" not in page
    assert second.post(waiting + "confirm/").status_code == 302  # refused, as /cms/ refuses
    assert Edition.objects.count() == 1
    assert (
        second.post(waiting + "send_back/", {f"page-{lesson.pk}": "Say who"}).headers["Location"] == EDITIONS
    )
    for address in (f"/cms/pages/{lesson.pk}/edit/", f"{EDITIONS}{fresh.pk}/propose/"):
        assert "Say who" in author.get(address).text


def test_sending_back_without_a_word_is_refused_in_words(proposal: Proposal, reviewer: User) -> None:
    answer = in_cms(reviewer).post(f"{EDITIONS}proposals/{proposal.public_id}/send_back/", {})
    assert answer.status_code == 200
    assert "Say of at least one page what is to be changed." in answer.text
    assert Proposal.objects.get().outcome is None


def test_proposer_withdraws_and_cannot_confirm(proposal: Proposal, author: Client) -> None:
    waiting = f"{EDITIONS}proposals/{proposal.public_id}/"
    assert author.post(waiting + "confirm/").status_code == 302
    assert Edition.objects.count() == 1
    assert author.post(waiting + "withdraw/").headers["Location"] == EDITIONS
    assert Proposal.objects.get().outcome == "withdrawn"
    assert author.post(waiting + "anything/").status_code == 404


def test_editions_are_closed_to_others(
    fresh: CoursePage, proposal: Proposal, reviewer: User, officer: User, outsider: User
) -> None:
    propose_page, waiting = f"{EDITIONS}{fresh.pk}/propose/", f"{EDITIONS}proposals/{proposal.public_id}/"
    sent = {"reason": "x", "legal_date": "2027-11-24"}
    assert client_of(reviewer).get(propose_page).status_code == 302
    assert client_of(reviewer).post(propose_page, sent).status_code == 302
    for person in (officer, outsider):
        client = client_of(person)
        for address in (propose_page, waiting, f"{EDITIONS}{fresh.pk}/take-back/"):
            assert client.get(address).headers["Location"].startswith("/cms/login/")
            assert client.post(address, sent).status_code == 302
    assert (Edition.objects.count(), Proposal.objects.get().outcome) == (1, None)


def test_what_is_taken_back_is_named_as_readers_know_it(course: CoursePage, reviewer: User) -> None:
    lesson = make_lesson(module_of(course, "one"), "lesson-2", heading=names("Fresh"))
    assert LessonPage.objects.get(pk=lesson.pk).draft_title == "Fresh"
    draft = course.get_latest_revision_as_object()
    draft.heading_az = draft.title = "Fresh course"
    draft.save_revision()
    shown = in_cms(reviewer).get(f"{EDITIONS}{course.pk}/take-back/").text
    assert "Lesson lesson-2" in shown and "Course C1" in shown
    assert "Fresh" not in shown


def test_course_is_withdrawn_and_a_lesson_left_out_by_reason(
    course: CoursePage, trainer: User, reviewer: User, enrolment: Enrolment
) -> None:
    client, page = in_cms(reviewer), f"{EDITIONS}{course.pk}/take-back/"
    lesson = lesson_of(course, "lesson-2")
    assert "This field is required" in client.post(page, {"what": str(lesson.pk)}).text
    assert client.post(page, {"what": str(lesson.pk), "reason": "Wrong"}).headers["Location"] == EDITIONS
    assert Edition.objects.get(number=2).reason == "Wrong"
    assert client.post(page, {"what": "course", "reason": "Repealed"}).headers["Location"] == EDITIONS
    shown = client.get(EDITIONS).text
    assert "withdrawn on" in shown and "Repealed" in shown
    assert client.get(page).status_code == 404
    assert client_of(enrolment.person).get("/en/courses/c1/").status_code == 410
    proposing = in_cms(trainer).get(f"{EDITIONS}{course.pk}/propose/").text
    assert ("it was taken back." in proposing, "Readers now see edition" in proposing) == (True, False)


def test_what_stands_in_the_way_and_what_was_not_filled_in_are_said_where_one_proposes(
    fresh: CoursePage, author: Client
) -> None:
    """Beside the button as above it: the form between them is long."""
    page = f"{EDITIONS}{fresh.pk}/propose/"
    assert author.get(page).text.count("What stands in its way") == 0
    make_lesson(module_of(fresh, "one"), "lesson-1", sources=[])
    answer = author.post(page, {"reason": "", "legal_date": LAW.isoformat()})
    assert "Not proposed yet: correct what is marked below." in answer.text
    last = answer.text.rpartition("What stands in its way")
    assert last[0].count("What stands in its way") == 1
    assert "What the lesson rests on" in last[2] and "Propose this edition" in last[2]
