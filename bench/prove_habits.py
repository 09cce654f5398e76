"""Exams answered by officers with a habit for `make prove`: rows in docs/proof.md, one an exam.

python -m bench.prove_habits
"""

import os
import sys
import time
from random import Random

from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
HEAD = (
    "| date | exam | exams that can be drawn | passed by the key | passed with a habit | passed without the key, most "
    "| two sittings of a careful officer alike |"
)
RULE = "|---|---|---|---|---|---|---|"
DRAWS = 2000


def prove() -> bool:
    import django

    django.setup()
    from curriculum.reading import DATA, read_curriculum
    from curriculum.trying import Report, report_of

    def row(code: str, report: Report) -> str:
        cells = [
            time.strftime("%Y-%m-%d"), code, report.exams, f"{report.key.passed} of {report.key.exams}",
            sum(trial.passed for trial in report.habits), f"{max(trial.share for trial in report.guesses):.1%}",
            f"{report.alike:.0%}",
        ]  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"

    curriculum = read_curriculum(DATA)
    exams = [entry for entry in curriculum.blueprints if entry.use == "exam"]
    reports = {entry.code: report_of(entry, curriculum, DRAWS, Random(1)) for entry in exams}
    before, after = PROOF.read_text(encoding="utf-8").split(f"{HEAD}\n{RULE}\n")
    lines = "".join(f"{row(code, report)}\n" for code, report in reports.items())
    PROOF.write_text(f"{before}{HEAD}\n{RULE}\n{lines}{after}", encoding="utf-8")
    for code, report in reports.items():
        for fault in report.faults:
            print(f"{code}: {fault}")
    return not any(report.faults for report in reports.values())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.test")
    sys.exit(not prove())
