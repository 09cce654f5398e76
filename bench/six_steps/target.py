"""The six-step errand as a target of the storm: ordered over HTTP, counted in rows and files."""

import urllib.request
from collections import Counter

from bench.targets import Finding, findings_of_mail


class SixSteps:
    settings = "bench.settings"
    dying_settings = "bench.dying.settings_jobs"
    course = False
    lease = 3.0

    def points(self) -> list[str]:
        from bench.dying.points import of_errand

        from .errands import KIND

        return of_errand(KIND)

    def prepare(self, kills: int) -> list[str]:
        from people.models import User

        User.objects.create(family_name="A", given_name="B", email="kill@bench.example")
        return [f"order-{n}" for n in range(20 * kills + 20)]

    def order(self, base_url: str, key: str) -> None:
        urllib.request.urlopen(f"{base_url}/order/{key}", timeout=20).read()

    def findings(self, keys: list[str]) -> list[Finding]:
        from .errands import NAMES
        from .models import Effect

        counts = Counter(Effect.objects.values_list("key", "step"))
        pairs = [counts[key, step] for key in keys for step in NAMES]
        documents = dict(Effect.objects.filter(step="document").values_list("key", "sha256"))
        return [
            Finding("steps done once", len(pairs), pairs.count(1)),
            Finding("steps lost", 0, pairs.count(0)),
            Finding("steps doubled", 0, sum(count > 1 for count in pairs)),
            Finding("files intact", len(keys), sum(_intact(sha256) for sha256 in documents.values())),
            *findings_of_mail({"bench.made": keys}),
        ]


def _intact(sha256: str) -> bool:
    from operations import files

    try:
        files.read(sha256, ".txt")
    except files.Damaged:
        return False
    return True
