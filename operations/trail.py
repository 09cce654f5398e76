"""The audit trail in words: what an act is called, and what an entry is about.

Each app names its own in `audit_labels.py`, which is loaded with the app.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from .models import AuditEntry


@dataclass(frozen=True)
class Subject:
    """The thing an entry is about, as a page shows it: a text, and where it leads if there is a page."""

    text: str
    url: str = ""


type Find = Callable[[Collection[str]], Mapping[str, Subject]]


@dataclass(frozen=True)
class SubjectKind:
    text: StrOrPromise
    find: Find


act_names: dict[str, StrOrPromise] = {}
subject_kinds: dict[str, SubjectKind] = {}
reason_words: dict[tuple[str, str], StrOrPromise] = {}  # (act, code of the reason)


def name_acts(names: Mapping[str, StrOrPromise]) -> None:
    """Say how acts are called: {"people.grant": _("Position given")}."""
    act_names.update(names)


def name_subject(kind: str, text: StrOrPromise, find: Find = lambda ids: {}) -> None:
    """Say what a kind of subject is called; `find(ids)` describes those that are still there, at once."""
    subject_kinds[kind] = SubjectKind(text, find)


def name_reasons(acts: Iterable[str], words: Mapping[str, StrOrPromise]) -> None:
    """Say what the reasons mean that these acts are given as a code: {"complaint": _("a complaint …")}."""
    reason_words.update({(act, code): text for act in acts for code, text in words.items()})


def reason_text(act: str, reason: str) -> str:
    """Return the reason in the active language where the act chooses from a list; else as somebody wrote it."""
    return str(reason_words.get((act, reason), reason))


def any_reason_text(reason: str) -> str:
    """Return what some list calls the code, where the act is not known."""
    return str(next((text for (_act, code), text in reason_words.items() if code == reason), reason))


def act_text(act: str) -> str:
    """Return the act in the active language; the code itself where an app has not named it."""
    return str(act_names.get(act, act))


def subjects_of(entries: Iterable[AuditEntry]) -> dict[tuple[str, str], Subject]:
    """Return the subject of each (kind, id), by one query a kind. What cannot be found shows its id."""
    asked: dict[str, set[str]] = {}
    for entry in entries:
        asked.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    subjects: dict[tuple[str, str], Subject] = {}
    for kind, ids in asked.items():
        known = subject_kinds.get(kind)
        described = known.find(ids) if known else {}
        name = str(known.text) if known else kind
        for subject_id in ids:
            subjects[kind, subject_id] = described.get(subject_id) or Subject(f"{name}: {subject_id}")
    return subjects
