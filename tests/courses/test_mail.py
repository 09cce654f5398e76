"""Letters about editions: who is told, and what."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives

from courses.actions_editions import propose_edition, send_back_edition
from courses.models import CoursePage
from operations import mail
from operations.models import Notice, Proposal
from people.models import User
from tests.factories import Position, give, make_person, names

from .factories import facts, lesson_of, make_lesson, module_of, propose

pytestmark = pytest.mark.django_db
PROPOSED, SENT_BACK = "courses.edition_proposed", "courses.edition_sent_back"


@pytest.fixture
def reviewer2(db: None) -> User:
    person = make_person("Əhmədova", "Sevda", email="reviewer2@agency.example", language="ru")
    give(person, Position.REVIEWER)
    return person


@pytest.fixture
def fresh(course: CoursePage) -> CoursePage:
    for slug in ("lesson-1", "lesson-2"):
        make_lesson(module_of(course, "one"), slug, heading=names(f"Fresh {slug}"))
    return course


def told(kind: str) -> set[User]:
    return {notice.person for notice in Notice.objects.filter(kind=kind)}


def letter_to(person: User, kind: str) -> EmailMultiAlternatives:
    return mail.compose([Notice.objects.get(person=person, kind=kind)], message_id="1")


def test_reviewers_who_may_confirm_are_told_and_nobody_else(
    fresh: CoursePage, trainer: User, trainer2: User, reviewer: User, reviewer2: User, officer: User
) -> None:
    propose(fresh, trainer)
    assert told(PROPOSED) == {reviewer, reviewer2}


def test_reviewer_who_wrote_in_one_of_its_pages_is_not_told(
    fresh: CoursePage, trainer: User, reviewer: User, reviewer2: User
) -> None:
    draft = lesson_of(fresh, "lesson-1").get_latest_revision_as_object()
    draft.save_revision(user=reviewer2)
    propose(fresh, trainer)
    assert told(PROPOSED) == {reviewer}


def test_reviewer_whose_position_ended_or_who_left_is_not_told(
    fresh: CoursePage, trainer: User, reviewer: User, reviewer2: User
) -> None:
    User.objects.filter(pk=reviewer2.pk).update(is_active=False)
    propose(fresh, trainer)
    assert told(PROPOSED) == {reviewer}


def test_who_may_propose_and_confirm_is_not_told_of_their_own(
    fresh: CoursePage, trainer: User, reviewer: User
) -> None:
    give(trainer, Position.REVIEWER)
    propose(fresh, trainer)
    assert told(PROPOSED) == {reviewer}


def send_back(proposal: Proposal, course: CoursePage, by: User, *slugs: str) -> None:
    pages = {lesson_of(course, slug).pk: "Say who." for slug in slugs}
    send_back_edition(proposal=proposal, words=pages, by=by)


def test_trainer_who_proposed_is_told_what_was_sent_back(
    fresh: CoursePage, trainer: User, trainer2: User, reviewer: User
) -> None:
    send_back(propose(fresh, trainer), fresh, reviewer, "lesson-1")
    assert told(SENT_BACK) == {trainer}


def test_nobody_is_told_what_was_not_done(fresh: CoursePage, trainer: User, reviewer: User) -> None:
    with pytest.raises(PermissionDenied):
        propose_edition(course=fresh, facts=facts(), by=reviewer)
    assert told(PROPOSED) == set()


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("az", "Kurs nəşri rəyçini gözləyir", "2 səhifə dəyişib"),
        ("en", "An edition of a course waits for a reviewer", "“Course C1 (en)”: 2 pages have changed"),
        ("ru", "Редакция курса ждёт рецензента", "изменены 2 страницы"),
    ],
)
def test_letter_to_reviewers_is_in_their_language_with_a_link(
    fresh: CoursePage, trainer: User, reviewer: User, language: str, subject: str, words: str
) -> None:
    User.objects.filter(pk=reviewer.pk).update(language=language)
    proposal = propose(fresh, trainer, reason="Clearer words")
    letter = letter_to(reviewer, PROPOSED)
    assert letter.subject == subject
    body = " ".join(str(letter.body).split())
    assert words in body
    assert "Clearer words" in body
    assert f"/cms/editions/proposals/{proposal.public_id}/" in body
    assert "Clearer" not in letter.subject


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("az", "1 səhifəyə dair qeydlərlə", "2 səhifəyə dair qeydlərlə"),
        ("en", "with words for 1 page.", "with words for 2 pages."),
        ("ru", "с замечаниями к 1 странице", "с замечаниями к 2 страницам"),
    ],
)
def test_letter_to_the_trainer_counts_pages_in_their_language(
    fresh: CoursePage, trainer: User, reviewer: User, language: str, one: str, two: str
) -> None:
    User.objects.filter(pk=trainer.pk).update(language=language)
    for words, slugs in ((one, ["lesson-1"]), (two, ["lesson-1", "lesson-2"])):
        send_back(propose(fresh, trainer), fresh, reviewer, *slugs)
        assert words in " ".join(str(letter_to(trainer, SENT_BACK).body).split())
        Notice.objects.all().delete()
