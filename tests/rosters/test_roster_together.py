"""Two imports, and an import and a transfer, at the same instant: nothing overlaps, nothing is lost."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from merging.actions.merge import confirm_merge, propose_merge
from operations import clock, outbox
from operations.models import Job, Notice
from people.actions.postings import post, transfer
from people.models import Agency, Posting, Role, User
from rosters.actions import apply_roster, receive_roster
from rosters.applying import carry_out
from rosters.models import RosterImport
from tests import factories
from tests.databases import on_postgresql, really_committed
from tests.operations.test_history_together import together

from .books import HEADINGS, csv_of

pytestmark = [really_committed]
PEOPLE = 30


@pytest.fixture
def documents(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    yield


@pytest.fixture
def people(documents: None, coordinator: User, unit: Any, role: Any, agency: Agency) -> list[User]:
    factories.make_unit(agency, "shirvan")
    factories.make_unit(agency, "quba")
    return [
        factories.make_person("Quliyev", "Orxan", unit=unit, role=role, service_number=f"M-{number:02}")
        for number in range(PEOPLE)
    ]


def checked(by: User, agency: Agency, unit: str) -> RosterImport:
    lines = [[f"M-{number:02}", "Quliyev", "Orxan", "", unit, "LAB", ""] for number in range(PEOPLE)]
    roster = receive_roster(
        agency=agency, file=io.BytesIO(csv_of([HEADINGS, *lines])), file_name="a.csv",
        valid_from=clock.start_of(clock.today()), whole=False, by=by,
    )  # fmt: skip
    outbox.work_off(only=["rosters.roster_read", "rosters.roster_check"])
    roster.refresh_from_db()
    assert (roster.state, roster.counts["transferred"]) == ("checked", PEOPLE)
    return roster


def overlaps() -> int:
    """Pairs of known postings of one person in one agency that hold at one instant; the constraint aside."""
    rows = list(Posting.objects.known())
    pairs = [
        (a, b)
        for a in rows
        for b in rows
        if a.pk < b.pk and (a.user_id, a.agency_id) == (b.user_id, b.agency_id)
    ]
    return sum(
        (a.valid_to is None or b.valid_from < a.valid_to)
        and (b.valid_to is None or a.valid_from < b.valid_to)
        for a, b in pairs
    )


def work_one() -> None:
    errand = outbox.claim(only=["rosters.roster_apply"])
    if errand is not None:
        outbox.attend(errand)


def test_of_two_imports_at_once_one_is_applied_and_the_other_told(
    people: list[User], coordinator: User, agency: Agency
) -> None:
    first, second = checked(coordinator, agency, "shirvan"), checked(coordinator, agency, "quba")
    for roster in (first, second):
        apply_roster(roster=roster, with_missing=False, by=coordinator)
    together(work_one, work_one)
    outbox.work_off(only=["rosters.roster_apply"])
    states = sorted(RosterImport.objects.values_list("state", flat=True))
    assert states == ["applied", "checked"]
    assert sorted(Job.objects.filter(kind="rosters.roster_apply").values_list("state", flat=True)) == [
        "done",
        "failed",
    ]
    won = RosterImport.objects.get(state="applied")
    where = {
        row.unit.code
        for row in Posting.objects.current().filter(agency=agency, service_number__startswith="M-")
    }
    assert where == {"shirvan" if won == first else "quba"}
    assert overlaps() == 0
    assert Posting.objects.known().filter(service_number__startswith="M-").count() == 2 * PEOPLE


@on_postgresql
def test_others_write_and_read_while_an_import_is_applied(
    people: list[User], coordinator: User, agency: Agency
) -> None:
    """All of it is one transaction: nobody but who changes the same people waits for its end."""
    roster = checked(coordinator, agency, "shirvan")
    apply_roster(roster=roster, with_missing=False, by=coordinator)
    quba, role = agency.units.get(code="quba"), Role.objects.get(code="LAB")
    newcomer = factories.make_person("Yeni", "Nəfər")
    read: list[str] = []

    def others() -> None:
        User.objects.filter(pk=coordinator.pk).update(language="ru")
        Notice.objects.create(person=people[0], kind="test", subject_id="x")
        since = clock.start_of(clock.today())
        post(person=newcomer, unit=quba, role=role, service_number="N-1", valid_from=since, by=coordinator)
        read.extend(Posting.objects.current().filter(user__in=people).values_list("unit__code", flat=True))

    with transaction.atomic():
        carry_out(roster=roster, with_missing=False, by=coordinator)
        assert together(others) == ["won"]
    assert set(read) == {"ganja"}
    assert Posting.objects.current().filter(unit__code="shirvan").count() == PEOPLE


@on_postgresql
@pytest.mark.parametrize("turn", range(3))
def test_an_import_and_transfers_of_the_same_people_at_once(
    turn: int, people: list[User], coordinator: User, agency: Agency
) -> None:
    roster = checked(coordinator, agency, "shirvan")
    apply_roster(roster=roster, with_missing=False, by=coordinator)
    quba, role = agency.units.get(code="quba"), Posting.objects.filter(agency=agency).first().role  # type: ignore[union-attr]

    def transfers() -> None:
        for number in range(PEOPLE - 1, -1, -7):
            transfer(
                person=people[number], agency=agency, unit=quba, role=role, service_number=f"M-{number:02}",
                valid_from=clock.start_of(clock.today()), by=coordinator,
            )  # fmt: skip

    acts: list[Callable[[], Any]] = [work_one, transfers]
    assert "deadlock" not in together(*acts)
    outbox.work_off(only=["rosters.roster_apply"])
    roster.refresh_from_db()
    assert roster.state in {"applied", "checked"}
    assert overlaps() == 0
    rows = Posting.objects.filter(user__in=people).order_by("recorded_at")
    assert {row.user_id for row in rows.filter(withdrawn_at=None)} == {person.pk for person in people}
    moved = Posting.objects.current().filter(user=people[-1]).get()
    assert moved.unit.code in {"shirvan", "quba"}
    assert connection.vendor == "postgresql"


@on_postgresql
@pytest.mark.parametrize("turn", range(4))
def test_an_import_and_a_merge_of_the_same_people_at_once(
    turn: int, people: list[User], coordinator: User, admin: User, agency: Agency
) -> None:
    """Two of the people are one: whichever comes first, nobody serves twice and no row is lost."""
    roster = checked(coordinator, agency, "shirvan")
    kept, gone = (people[3], people[20]) if turn % 2 else (people[20], people[3])
    proposal = propose_merge(kept=kept, gone=gone, by=coordinator)
    apply_roster(roster=roster, with_missing=False, by=coordinator)
    before = set(Posting.objects.values_list("pk", flat=True))
    said = together(work_one, lambda: confirm_merge(proposal=proposal, by=admin))
    assert said == ["won", "won"]
    outbox.work_off(only=["rosters.roster_apply"])
    roster.refresh_from_db()
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert overlaps() == 0
    assert before <= set(Posting.objects.values_list("pk", flat=True))
    current = Posting.objects.current().filter(user__in=people).select_related("unit")
    where = {row.user_id: row.unit.code for row in current}
    assert set(where) == {person.pk for person in people if person != gone}
    moved = {code for pk, code in where.items() if pk != kept.pk}
    assert moved == ({"shirvan"} if roster.state == "applied" else {"ganja"})
    if roster.state == "applied":  # it came first: what it said of both is known, and what was said before
        assert Posting.objects.filter(user=gone, unit__code="shirvan").exists()
    else:
        assert roster.state == "checked"
        assert Job.objects.get(public_id=roster.job_id).state == "failed"
        assert not Posting.objects.filter(unit__code="shirvan").exists()
