"""The one statement that saves answers, for both databases.

Whose attempt it is, that it runs, that the stage is open, that the page was opened by the server and
that nothing newer is there: all of it is decided inside the statement, so nothing can happen between.
On PostgreSQL it holds the attempt and the stage `FOR SHARE`; closing locks and changes them, so an
answer comes either before a closing or not at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from operations.prepared import prepared_cursor

from .answers import Given
from .models import GRACE

SAVE = """
INSERT INTO assessments_answer (attempt_id, question_code, value, language, session, sequence, saved_at)
WITH given (question_code, value, sequence) AS (VALUES {rows})
SELECT attempt.id, given.question_code, {value}, %s, opened.number, given.sequence, %s
FROM assessments_attempt AS attempt
JOIN assessments_attemptsession AS opened ON opened.attempt_id = attempt.id AND opened.number = %s
JOIN assessments_stageprogress AS stage ON stage.attempt_id = attempt.id AND stage.stage_code = %s
JOIN assessments_attemptcase AS drawn ON drawn.id = stage.case_id
JOIN assessments_scenarioversion AS version ON version.id = drawn.version_id AND version.sha256 = %s
CROSS JOIN given
WHERE attempt.public_id = %s AND attempt.person_id = %s AND attempt.closed_at IS NULL
AND (attempt.due_at IS NULL OR attempt.due_at > %s) AND stage.closed_at IS NULL
{lock}
ON CONFLICT (attempt_id, question_code) DO UPDATE SET
value = excluded.value, language = excluded.language, session = excluded.session, sequence = excluded.sequence,
saved_at = excluded.saved_at
WHERE (excluded.session, excluded.sequence) > (assessments_answer.session, assessments_answer.sequence)
"""
VENDORS = {
    "sqlite": {"value": "given.value", "lock": ""},
    "postgresql": {"value": "given.value::jsonb", "lock": "FOR SHARE OF attempt, stage"},
}

LOOK = """
SELECT attempt.person_id, person.merged_into_id, attempt.closed_at IS NOT NULL,
attempt.due_at IS NOT NULL AND attempt.due_at <= %s, stage.id IS NOT NULL, opened.id IS NOT NULL, later.question_code
FROM assessments_attempt AS attempt
JOIN people_user AS person ON person.id = attempt.person_id
LEFT JOIN assessments_attemptsession AS opened ON opened.attempt_id = attempt.id AND opened.number = %s
LEFT JOIN assessments_stageprogress AS stage ON stage.attempt_id = attempt.id AND stage.stage_code = %s
AND stage.closed_at IS NULL AND EXISTS (SELECT 1 FROM assessments_attemptcase AS drawn
JOIN assessments_scenarioversion AS version ON version.id = drawn.version_id
WHERE drawn.id = stage.case_id AND version.sha256 = %s)
LEFT JOIN assessments_answer AS later ON later.attempt_id = attempt.id AND later.session > %s
AND later.question_code IN ({codes})
WHERE attempt.public_id = %s ORDER BY later.question_code
"""

OPEN_SESSION = """
INSERT INTO assessments_attemptsession (attempt_id, number, opened_at)
SELECT attempt.id, COALESCE(MAX(opened.number), 0) + 1, %s
FROM assessments_attempt AS attempt
LEFT JOIN assessments_attemptsession AS opened ON opened.attempt_id = attempt.id
WHERE attempt.id = %s GROUP BY attempt.id
ON CONFLICT DO NOTHING RETURNING number
"""


def save(
    *,
    attempt_id: str,
    person_id: int,
    stage_code: str,
    content_sha256: str,
    session: int,
    answers: Sequence[Given],
    language: str,
    now: datetime,
) -> int:
    """Write answers and return how many; the others were there already, or nothing may be saved."""
    rows: list[Any] = []
    for given in sorted(answers, key=lambda given: given.question_code):
        rows += [given.question_code, json.dumps(given.value), given.sequence]
    sql = SAVE.format(rows=", ".join(["(%s, %s, %s)"] * len(answers)), **VENDORS[connection.vendor])
    adapt = connection.ops.adapt_datetimefield_value
    with prepared_cursor() as cursor:
        cursor.execute(
            sql,
            [
                *rows,
                language,
                adapt(now),
                session,
                stage_code,
                content_sha256,
                attempt_id,
                person_id,
                adapt(now - GRACE),
            ],
        )
        return int(cursor.rowcount)


@dataclass(frozen=True)
class Situation:
    """The reasons for not writing everything: what the attempt takes, questions answered later."""

    person_id: int
    merged_into_id: int | None
    is_closed: bool
    is_over: bool
    stage_is_open: bool
    session_is_known: bool
    later: tuple[str, ...]


def situation(
    *,
    attempt_id: str,
    stage_code: str,
    content_sha256: str,
    session: int,
    question_codes: Sequence[str],
    now: datetime,
) -> Situation | None:
    """Return what `save` decided by, in one query: pages that repeat an answer are served as quickly."""
    sql = LOOK.format(codes=", ".join(["%s"] * len(question_codes)))
    over = connection.ops.adapt_datetimefield_value(now - GRACE)
    parameters = [over, session, stage_code, content_sha256, session, *question_codes, attempt_id]
    with prepared_cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    if not rows:
        return None
    person_id, merged_into_id, is_closed, is_over, stage_is_open, session_is_known, _code = rows[0]
    return Situation(
        person_id, merged_into_id, bool(is_closed), bool(is_over), bool(stage_is_open), bool(session_is_known),
        later=tuple(row[-1] for row in rows if row[-1] is not None),
    )  # fmt: skip


def open_session(attempt_pk: int, now: datetime) -> int | None:
    """Return the next number of the attempt's sessions; None where another took it at the same instant."""
    with prepared_cursor() as cursor:
        cursor.execute(OPEN_SESSION, [connection.ops.adapt_datetimefield_value(now), attempt_pk])
        opened = cursor.fetchone()
    return int(opened[0]) if opened else None
