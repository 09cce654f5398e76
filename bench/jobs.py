"""Jobs as a target of the storm: ordered over HTTP; every row of every chunk is there once."""

import urllib.request
from collections import Counter

from .targets import Finding


class Jobs:
    settings = "bench.settings"
    dying_settings = "bench.dying.settings_jobs"
    course = False
    lease = 3.0

    def points(self) -> list[str]:
        from .dying.points import of_errand, of_job
        from .six_steps.chunks import KIND

        return [*of_job(KIND), *of_errand(KIND)]

    def prepare(self, kills: int) -> list[str]:
        return [f"job-{n}" for n in range(20 * kills + 20)]

    def order(self, base_url: str, key: str) -> None:
        urllib.request.urlopen(f"{base_url}/order-job/{key}", timeout=20).read()

    def findings(self, keys: list[str]) -> list[Finding]:
        from operations.models import Job

        from .six_steps.chunks import ROWS
        from .six_steps.models import Effect

        counts = Counter(Effect.objects.values_list("key", "step"))
        steps = [(key, f"row {number}") for key in keys for number in range(ROWS)]
        ends = [counts[key, "end: done"] for key in keys]
        jobs = list(Job.objects.filter(subject_id__in=keys))
        return [
            Finding("rows done once", len(steps), sum(counts[step] == 1 for step in steps)),
            Finding("rows lost", 0, sum(counts[step] == 0 for step in steps)),
            Finding("rows doubled", 0, sum(counts[step] > 1 for step in steps)),
            Finding("jobs", len(keys), len(jobs)),
            Finding("jobs that say done, with every row", len(keys), sum(_whole(job) for job in jobs)),
            Finding("ends told once", len(keys), ends.count(1)),
            Finding("results intact", len(keys), sum(_intact(job.result) for job in jobs)),
        ]


def _whole(job: object) -> bool:
    from .six_steps.chunks import ROWS

    return (getattr(job, "state", ""), getattr(job, "done", 0)) == ("done", ROWS)


def _intact(name: str) -> bool:
    from operations import results

    from .six_steps.chunks import ROWS

    file = results.opened(name)
    if file is None:
        return False
    with file:
        return bool(file.read() == "\n".join(map(str, range(ROWS))).encode())
