"""Files from a generator: no failure, no partial change, each error names its line and column."""

import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse

from operations import clock, outbox
from operations.models import Errand, Job
from people.models import AddressRequest, Posting, User
from rosters import actions
from rosters.columns import FIELDS
from rosters.models import RosterImport
from rosters.wording import FILE_REFUSALS, LINE_ERRORS
from tests import factories

from .hostile_rosters import Hostile

FILES, PARTS = int(os.environ.get("HOSTILE_FILES", 60)), 4  # `make prove` tries 1,000
WHOLE_LINE = {
    "extra_cells",
    "person_again",
    "keys_disagree",
    "moved_that_day",
    "perhaps_in_file",
    "later_changes",
    "yourself",
}


def work() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        outbox.work_off(only=["rosters.roster_read", "rosters.roster_check", "rosters.roster_apply"])


def register() -> dict[str, Any]:
    names = (
        "pk",
        "email",
        "family_name",
        "given_name",
        "father_name",
        "language",
        "sex",
        "supervisor",
        "is_active",
    )
    return {
        "people": list(User.objects.order_by("pk").values_list(*names)),
        "postings": list(Posting.objects.order_by("pk").values()),
        "requests": list(AddressRequest.objects.order_by("pk").values_list("person", "email", "outcome")),
    }


def of(agency: Any) -> list[Any]:
    return list(Posting.objects.filter(agency=agency).order_by("pk").values())


@pytest.fixture
def stranger(other_unit: Any) -> User:
    return factories.make_person(
        "Həsənov", "Tural", email="t.hasanov@other.example", unit=other_unit, service_number="MIG-1"
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_files_change_everything_they_say_or_nothing(
    part: int, coordinator: Any, officer: Any, officer2: Any, stranger: User, agency: Any, client_of: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(actions, "MOST_SENT", FILES * 3)
    factories.make_unit(agency, "shirvan")
    desk = client_of(coordinator)
    known = [("LAB-0417", "Məmmədova", "Aytən"), ("LAB-0418", "Quliyev", "Orxan")]
    ends: list[str] = []
    for seed in range(part * FILES // PARTS, (part + 1) * FILES // PARTS):
        name, content = Hostile(seed, known, ["MIG-1", "t.hasanov@other.example"]).make()
        theirs = (of(stranger.postings.get().agency), User.objects.filter(pk=stranger.pk).values().get())
        ends.append(tried(desk, name, content, seed))
        assert (
            of(stranger.postings.get().agency),
            User.objects.filter(pk=stranger.pk).values().get(),
        ) == theirs
    assert {"applied", "refused"} <= set(ends)  # the generator makes both


def tried(desk: Client, name: str, content: bytes, seed: int) -> str:
    before = register()
    data = {"file": SimpleUploadedFile(name, content), "day": clock.today().isoformat()}
    response = desk.post(reverse("rosters:rosters"), data | ({"whole": "on"} if seed % 3 == 0 else {}))
    assert response.status_code in (200, 302), seed
    if response.status_code == 200:
        assert response.context["form"].errors, seed
        return "refused"
    roster = RosterImport.objects.get(public_id=response.url.rstrip("/").rpartition("/")[2])
    work()
    roster.refresh_from_db()
    assert register() == before, f"seed {seed}: changed before it was applied"
    assert not Errand.objects.exclude(error="").exists(), seed
    address = reverse("rosters:roster", args=[roster.public_id])
    assert desk.get(address).status_code == 200, seed
    if roster.state == "refused":
        assert roster.refusal and not any(code == "stopped" for code in [roster.refusal]), seed
        assert roster.refusal.split('"')[1] in FILE_REFUSALS, seed
        return "refused"
    if roster.state == "mapping":
        assert desk.get(reverse("rosters:roster_columns", args=[roster.public_id])).status_code == 200
        return "mapping"
    assert roster.state == "checked", (seed, roster.state)
    told(roster, seed)
    return applied(desk, roster, content, seed)


def told(roster: RosterImport, seed: int) -> None:
    headings = {heading for heading, *_samples in roster.headings}
    for line in roster.lines.filter(kind="error"):
        assert line.errors, seed
        for error in line.errors:
            assert error["code"] in LINE_ERRORS, (seed, error)
            assert line.number > 1 or error["code"] in WHOLE_LINE, (seed, error)
            assert error["column"] in headings or error["code"] in WHOLE_LINE or error["field"] in FIELDS, (
                seed,
                error,
            )


def applied(desk: Client, roster: RosterImport, content: bytes, seed: int) -> str:
    left = {"left": "left"} if roster.counts.get("missing") and seed % 2 else {"left": "stay"}
    before = register()
    desk.post(reverse("rosters:roster_apply", args=[roster.public_id]), {"sure": "1", **left})
    work()
    roster.refresh_from_db()
    if roster.state != "applied":
        assert register() == before, f"seed {seed}: a part was applied"
        return "refused"
    assert Job.objects.get(public_id=roster.job_id).state == "done", seed
    again(desk, roster, content, seed)
    return "applied"


def again(desk: Client, roster: RosterImport, content: bytes, seed: int) -> None:
    """The same file once more finds nothing to do."""
    name = roster.file_name
    data = {"file": SimpleUploadedFile(name, content), "day": clock.today().isoformat()}
    desk.post(reverse("rosters:rosters"), data)
    work()
    once_more = RosterImport.objects.latest("pk")
    counts = {kind: once_more.counts.get(kind, 0) for kind in ("new", "changed", "transferred", "left")}
    assert counts == dict.fromkeys(counts, 0), (
        seed,
        counts,
        list(once_more.lines.values("kind", "before", "after")),
    )
