"""How much of what is many the suite asks. With NISANE_QUESTIONS=all (`make prove`) it asks all."""

import os
from collections.abc import Iterable
from random import Random

from django.db import connection

ALL = os.environ.get("NISANE_QUESTIONS") == "all"


def asked_here[Question](all_of_them: Iterable[Question], *, one_in: int, of: str = "") -> list[Question]:
    """Return one in so many, always the same: the run on SQLite asks some, that on PostgreSQL others. `of` draws anew
    where the same questions are asked about several things.
    """
    draw, here = Random(f"20261201 {of}"), 0 if connection.vendor == "sqlite" else 1
    return [question for question in all_of_them if draw.randrange(one_in) == here or ALL]


def examples(many: int) -> int:
    """Return how many examples Hypothesis tries: a quarter."""
    return many if ALL else many // 4
