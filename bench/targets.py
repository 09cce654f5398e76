"""Targets of a storm."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Finding:
    what: str
    expected: int
    found: int

    @property
    def holds(self) -> bool:
        return self.expected == self.found


class Target(Protocol):
    """`prepare` makes what can be ordered, enough for so many kills; `order` asks the product over HTTP until it has said yes,
    `findings` counts what came of it. All run with Django set up on the scratch database; modules of
    targets are imported before that. `points`: at each of them a process dies in its turn, under `dying_settings`.
    """

    settings: str
    dying_settings: str
    course: bool  # the scratch has the course of labour inspectors
    lease: float

    def points(self) -> list[str]: ...

    def prepare(self, kills: int) -> list[str]: ...
    def order(self, base_url: str, key: str) -> None: ...
    def findings(self, keys: list[str]) -> list[Finding]: ...


def findings_of_mail(letters: Mapping[str, list[str]]) -> list[Finding]:
    """Of each kind of letter one notice a subject, sent; no letter of another kind; every letter that came twice
    is marked "perhaps twice". `letters`: by kind of notice, the subjects that it was ordered for.
    """
    from django.conf import settings

    from operations.models import Notice

    sent = Counter(_message_ids(Path(settings.VAR_DIR, "mail")))
    findings: list[Finding] = []
    known: dict[str, bool] = {}
    for kind, subjects in letters.items():
        notices = list(Notice.objects.filter(kind=kind, subject_id__in=subjects))
        ids = {notice.public_id: notice.perhaps_twice for notice in notices}
        known |= ids
        findings += [
            Finding(f"notices {kind}", len(subjects), len(notices)),
            Finding(
                f"notices {kind} sent", len(subjects), sum(notice.sent_at is not None for notice in notices)
            ),
            Finding(f"mails {kind} with their own Message-ID", len(subjects), len(ids.keys() & sent.keys())),
        ]
    doubled = [message_id for message_id, count in sent.items() if count > 1]
    return [
        *findings,
        Finding("mails that no such notice knows", 0, len(sent.keys() - known.keys())),
        Finding("mails sent twice and not marked so", 0, sum(not known.get(one, False) for one in doubled)),
    ]


def _message_ids(folder: Path) -> list[str]:
    found = []
    for path in folder.glob("*.log"):
        for text in path.read_bytes().split(b"-" * 79):
            if (message_id := message_from_bytes(text.lstrip())["Message-ID"]) is not None:
                found.append(str(message_id).strip("<>").partition("@")[0])
    return found
