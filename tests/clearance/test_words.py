"""Reasons of a decision in words: days as people say them, the last one that counted."""

from datetime import date

import pytest

from clearance.words import findings
from operations import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
END = clock.end_of(date(2026, 10, 31)).isoformat()
BEGIN = clock.start_of(date(2026, 12, 1)).isoformat()


@pytest.mark.parametrize(
    ("reason", "title", "text"),
    [
        ({"code": "expired", "at": END}, "The certificate C1-LAB has expired", "It was valid until 31 October 2026."),
        ({"code": "not-yet", "at": BEGIN}, "The certificate C1-LAB is not valid yet", "It begins on 1 December 2026."),
        ({"code": "revoked", "at": BEGIN}, "The certificate C1-LAB is revoked", "Since 1 December 2026."),
        ({"code": "suspended"}, "The certificate C1-LAB is suspended", ""),
    ],
)  # fmt: skip
def test_reason_against_says_the_day(curriculum, reason, title, text):
    [said], favour = findings([{"qualification": "C1-LAB", **reason}])
    assert (said["title"], said["text"].replace("\xa0", " "), favour) == (title, text, [])


def test_suspended_waits_for_nobody_who_decides(curriculum):
    """Also as it is found: while it lasts, no other certificate of the qualification clears."""
    [said], _favour = findings([{"code": "suspended", "qualification": "C1-LAB", "barred": True}])
    assert said["remedy"] == "A suspension ends by itself; until then choose somebody else."


@pytest.mark.parametrize(
    ("code", "state", "title", "text"),
    [
        ("holds", "ok", "The certificate C1-LAB is valid", "until 31 October 2026"),
        (
            "grace",
            "condition",
            "The certificate C1-LAB has expired",
            "the period of grace ends on 31 October 2026",
        ),
    ],
)
def test_reason_in_favour_says_the_last_day(curriculum, code, state, title, text):
    reason = {"code": code, "qualification": "C1-LAB", "short_code": "VSH1ZJHEWYRK", "until": END}
    against, [said] = findings([reason])
    assert (against, said["state"], said["title"]) == ([], state, title)
    assert said["text"].replace("\xa0", " ").endswith(text)


def test_no_course_is_told_to_help_whose_qualification_was_taken_away(curriculum):
    revoked = {"qualification": "C1-LAB", "code": "revoked", "at": BEGIN}
    [[course], _favour] = findings([revoked])
    [[barred], _favour] = findings([revoked | {"barred": True}])
    assert (course["remedy"], course["href"]) == ("The officer passes the course:", "/en/courses/c1-lab/")
    assert barred["remedy"].startswith("The exam opens only when two registrars have readmitted the officer.")
    assert "href" not in barred
