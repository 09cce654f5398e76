"""Words of credential and document on recognised training, in three languages: a signed form that changes on purpose alone.

Written anew, after a look at what changed, by `python -m tests.certificates.golden_words`.
"""

import json
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from certificates.criteria import criteria_of, printed
from certificates.models import RECOGNISED, TrainingGiver, TrainingKind

FILE = Path(__file__).parent / "golden" / "recognition-1.json"


def evidence(kind: str, giver: str) -> dict[str, Any]:
    training = {"kind": kind, "giver": giver, "day": "2025-03-12"}
    return {"way": RECOGNISED, "shown": [{"recognition": {"training": training, "reference": "X-1"}}]}


def made() -> dict[str, Any]:
    kinds = [(kind, TrainingGiver.STATE.value) for kind in TrainingKind.values]
    givers = [(TrainingKind.COURSE.value, giver) for giver in TrainingGiver.values]
    return {
        "criteria": {
            ", ".join(pair): criteria_of(evidence(*pair)) for pair in dict.fromkeys([*kinds, *givers])
        },
        "document": printed(evidence(TrainingKind.COURSE, TrainingGiver.STATE)),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
