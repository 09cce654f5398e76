"""What is kept of a roster while it is at work: nothing of a national id in clear, and files for nobody else."""

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import override

from operations import clock, jobs, outbox
from operations.identity import national_id_hash
from operations.ids import public_id as new_id
from operations.models import AuditEntry, AuditValue, Errand, Job
from operations.scheduled import sweep_files
from people.models import User
from privacy.actions.erasure import erase_person
from privacy.jobs import EXPORT
from rosters import columns, staging
from rosters.actions import apply_roster, cancel_roster
from rosters.models import RosterImport, RosterLine
from rosters.scheduled import forget_old_rosters
from rosters.wording import FILE_REFUSALS
from tests import factories

from .books import HEADINGS, book_of, csv_of, sheet_of, with_part
from .test_roster_import import apply, desk, line, place, roster_of, send, shown, work

__all__ = ["desk", "place"]
FIN = "5ABC123"
FINS = [FIN, "7xyz890", "ABCDEFG", "1234567"]


def everything_kept(folder: Path) -> str:
    """Rows of rosters and of the trail, jobs, errands, and all files byte by byte."""
    rows = [
        str(list(model.objects.values()))
        for model in (RosterImport, RosterLine, AuditEntry, AuditValue, Job, Errand)
    ]
    files = [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    return " ".join([*rows, *files])


def nothing_in_clear(folder: Path) -> None:
    kept = everything_kept(folder).casefold()
    assert not [fin for fin in FINS if fin.casefold() in kept]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_national_id_is_in_clear_nowhere_at_no_step(name, desk, officer, place):
    write = csv_of if name.endswith("csv") else book_of
    content = write([["FİN", *HEADINGS], [FIN, *line("LAB-0417", given="Aysel")]])
    data = {"file": SimpleUploadedFile(name, content), "day": clock.today().isoformat()}
    sent = desk.post(reverse("rosters:rosters"), data)
    assert sent.status_code == 302
    nothing_in_clear(place)  # before it is read
    outbox.work_off(only=[staging.READ])
    nothing_in_clear(place)  # before it is checked
    work()
    nothing_in_clear(place)
    roster = RosterImport.objects.get()
    assert roster.lines.get().after["national_id"] == national_id_hash(FIN)
    apply(desk, roster)
    nothing_in_clear(place)
    officer.refresh_from_db()
    assert officer.national_id_hash == national_id_hash(FIN)


def test_a_column_that_nobody_has_named_yet_keeps_no_national_id_in_clear(desk, officer, place):
    rows = [[fin, f"LAB-041{n}", "Məmmədova", f"x {fin}"] for n, fin in enumerate(FINS)]
    roster = send(desk, roster_of(*rows, headings=["a", "b", "c", "d"]))
    assert roster.state == "mapping"
    nothing_in_clear(place)
    page = desk.get(reverse("rosters:roster_columns", args=[roster.public_id])).content.decode()
    assert not [fin for fin in FINS if fin in page] and "LAB-0410" in page and "Məmmədova" in page
    named = {"column_0": "national_id", "column_1": "service_number", "column_2": "full_name"}
    roster.refresh_from_db()
    address = reverse("rosters:roster_columns", args=[roster.public_id])
    assert desk.post(address, named | {"day": clock.today().isoformat()}).status_code == 302
    work()
    nothing_in_clear(place)
    roster.refresh_from_db()
    assert (roster.state, roster.lines.count()) == ("checked", len(FINS))


def test_a_file_without_headings_keeps_its_first_line_no_more_than_the_others(desk, officer, place):
    rows = [[fin, f"LAB-041{n}", "Məmmədova", f"x {fin}"] for n, fin in enumerate(FINS)]
    roster = send(desk, csv_of(rows))
    assert roster.state == "mapping"
    nothing_in_clear(place)
    assert roster.headings[0] == ["", "•••", "•••", "•••"]


@pytest.mark.parametrize("fin", FINS)
def test_what_looks_like_a_national_id_is_masked_and_nothing_else(fin):
    assert columns.masked(fin) == "•••"
    assert columns.masked(f"AZE {fin}; (_{fin}_)") == "AZE •••; (_•••_)"
    assert (
        columns.masked("LAB-0417 Məmmədova 2026-12-01 AZ12ABCD") == "LAB-0417 Məmmədova 2026-12-01 AZ12ABCD"
    )
    assert columns.kept_heading(fin) == ""
    assert [columns.kept_heading(each) for each in ("Surname", "SURNAME", "Address")] == [
        "Surname", "SURNAME", "Address",
    ]  # fmt: skip


def test_files_are_sealed_and_for_the_products_user_alone(desk, officer, place):
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    [path] = [path for path in place.rglob("*") if path.is_file()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"Aysel" not in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(path.read_bytes()[40:44], b"AAAA"))
    address = reverse("rosters:roster_columns", args=[roster.public_id])
    form = desk.get(address).context["form"]
    named = {name: form[name].value() or "" for name in form.fields if name != "whole"}
    desk.post(address, named | {"day": clock.today().isoformat()})
    work()
    roster.refresh_from_db()
    assert roster.state == "refused"  # what was changed cannot be opened
    with override("az"):
        assert str(FILE_REFUSALS["stopped"]) in shown(desk, roster)


@pytest.mark.parametrize(
    "content",
    [
        with_part(
            book_of([HEADINGS, line("1")]), "xl/worksheets/sheet1.xml",
            b'<?xml version="1.0" encoding="utf-7"?><worksheet/>',
        ),
        sheet_of(['<sheetData><row r="x"><c r="A1"><v>1</v></c><c t="e"/></row></sheetData>']),
    ],
)  # fmt: skip
def test_a_file_that_only_looks_like_a_workbook_is_refused_and_monitoring_stays_green(content, desk):
    roster = send(desk, content, name="a.xlsx")
    assert roster.state == "refused"
    with override("az"):
        assert str(FILE_REFUSALS["damaged"]) in shown(desk, roster)
    assert not Errand.objects.exclude(state=Errand.State.DONE).filter(kind=staging.READ).exists()
    assert not Errand.objects.exclude(error="").exists()


@pytest.mark.parametrize("step", ["read", "check"])
def test_what_is_cancelled_while_a_step_is_at_work_stays_cancelled(step, desk, officer, coordinator):
    data = {"file": SimpleUploadedFile("a.csv", roster_of(line("LAB-0417", given="Aysel")))}
    desk.post(reverse("rosters:rosters"), data | {"day": clock.today().isoformat()})
    if step == "check":
        outbox.work_off(only=[staging.READ])
    roster = RosterImport.objects.get()
    job = Job.objects.get(public_id=roster.job_id)
    prepare, commit = (getattr(staging, name) for name in (step, f"commit_{step}"))
    prepared = prepare(job)
    cancel_roster(roster=roster, by=coordinator)
    with pytest.raises(jobs.JobRefused):
        commit(job, prepared)
    roster.refresh_from_db()
    assert (roster.state, roster.stored, roster.headings) == ("cancelled", "", [])
    assert RosterLine.objects.count() == 0


@pytest.mark.parametrize("state", ["reading", "mapping", "checked", "applying"])
def test_an_import_that_may_name_whose_data_are_erased_ends_with_its_file(
    state, desk, officer, officer2, coordinator, place
):
    """Checked again or applied, it would write the person anew."""
    content = roster_of(
        line("LAB-0417", given="Aysel"), headings=["a"] * 7 if state == "mapping" else HEADINGS
    )
    if state == "reading":
        data = {"file": SimpleUploadedFile("a.csv", content), "day": clock.today().isoformat()}
        desk.post(reverse("rosters:rosters"), data)
    else:
        send(desk, content)
    roster = RosterImport.objects.get()
    if state == "applying":
        apply_roster(roster=roster, with_missing=False, by=coordinator)
    roster.refresh_from_db()
    assert roster.state == state
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase_person(person=officer, by=None)
    roster.refresh_from_db()
    assert (roster.state, roster.stored, roster.headings) == ("cancelled", "", [])
    assert not RosterLine.objects.exists()
    assert not [path for path in (place / "documents").rglob("*") if path.is_file()]
    page = desk.get(reverse("rosters:roster", args=[roster.public_id])).content.decode()
    with override("az"):
        assert str(FILE_REFUSALS["erased"]) in page
    assert officer.given_name not in page and "Məmmədova" not in page
    entry = AuditEntry.objects.get(act="rosters.cancel_roster_of_erased")
    assert (entry.subject_id, entry.by) == (roster.public_id, None)
    work()
    roster.refresh_from_db()
    assert roster.state == "cancelled"
    assert officer2.postings.known().get().valid_to is None


def test_an_import_that_names_others_stays_when_data_are_erased(desk, officer, officer2):
    """The person is only missing from it."""
    other = send(
        desk, roster_of(line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu", unit="shirvan")), whole=True
    )
    assert other.lines.filter(number=0, person=officer).exists()
    erase_person(person=officer, by=None)
    other.refresh_from_db()
    assert (other.state, other.lines.count()) == ("checked", 1)


def test_timetable_leaves_alone_what_is_promised_to_be_applied_meanwhile(
    desk, officer, coordinator, agency, monkeypatch
):
    """Two old imports: while the first is forgotten, the second is promised to be applied."""
    send(desk, roster_of(line("LAB-0417", given="Aysel")))
    send(desk, roster_of(line("LAB-0417", given="Aytac")))
    forget, promised = staging.forget, []

    def forget_slowly(roster: RosterImport, *parts: str) -> None:
        forget(roster, *parts)
        for other in RosterImport.objects.filter(state="checked"):
            apply_roster(roster=other, with_missing=False, by=coordinator)
            promised.append(other.pk)

    monkeypatch.setattr(staging, "forget", forget_slowly)
    forget_old_rosters(clock.end_of(clock.add_months(clock.today(), 2)))
    monkeypatch.undo()
    kept = RosterImport.objects.get(pk__in=promised)
    assert (kept.state, kept.stored, kept.lines.count()) == ("applying", staging.LINES, 1)
    work()
    kept.refresh_from_db()
    assert kept.state == "applied"


# --- how many, and after whom -------------------------------------------------------------------
def sent(client: Any) -> Any:
    data = {
        "file": SimpleUploadedFile("a.csv", roster_of(line("1"))),
        "day": clock.today().isoformat(),
    }
    return client.post(reverse("rosters:rosters"), data)


def test_ten_rosters_in_ten_minutes_and_no_more(desk, coordinator_other, client_of, place):
    for _number in range(10):
        assert sent(desk).status_code == 302
    with override("en"):
        refused = sent(desk)
    assert (refused.status_code, RosterImport.objects.count()) == (200, 10)
    assert refused.context["form"].non_field_errors()
    with override("az"):
        assert "10 dəqiqə" in sent(desk).content.decode()
    assert len([path for path in place.rglob("*") if path.is_file()]) == 10
    assert sent(client_of(coordinator_other)).status_code == 302  # counted by person
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert sent(desk).status_code == 302


def test_who_takes_a_roster_over_has_not_sent_it(desk, agency, unit, client_of):
    other = factories.make_person(
        "Quliyeva", "Aygün", email="second@agency.example", unit=unit, service_number="LAB-2",
        password=factories.PASSWORD,
    )  # fmt: skip
    factories.give(other, factories.Position.COORDINATOR, agency=agency)
    for _number in range(10):
        sent(desk)
    RosterImport.objects.update(by=other)  # has named the columns
    assert sent(client_of(other)).status_code == 302
    assert sent(desk).status_code == 200


def test_rosters_wait_for_who_asks_for_the_own_data(desk, officer: User):
    kinds = {kind for kind in jobs.job_kinds if kind.startswith("rosters.")}
    assert kinds == {"rosters.roster_read", "rosters.roster_check", "rosters.roster_apply"}
    assert kinds == set(outbox.alone())
    sent(desk)
    own = jobs.start(kind=EXPORT, by=officer)
    errand = outbox.claim("long")
    assert errand is not None and errand.key == own.public_id
    roster, none = outbox.claim("long"), outbox.claim("long")
    assert roster is not None and roster.kind == staging.READ
    assert none is None


def test_sealed_file_of_an_import_that_never_came_to_be_is_swept_a_day_later(desk, place):
    """Its process died before the row. That of an import under way stays, however old; that of an ended one goes."""
    file = SimpleUploadedFile("a.csv", roster_of(line("LAB-0417")))
    desk.post(reverse("rosters:rosters"), {"file": file, "day": clock.today().isoformat()})
    [own] = (place / "documents" / "rosters").iterdir()
    stray = own.with_name(f"{new_id()}.sent")
    stray.write_bytes(own.read_bytes())
    at = (clock.real_now() - timedelta(days=400)).timestamp()
    for path in (own, stray):
        os.utime(path, (at, at))
    sweep_files(clock.now())
    assert (own.exists(), stray.exists()) == (True, False)
    RosterImport.objects.update(stored="")
    sweep_files(clock.now())
    assert not own.exists()
    assert [entry.after for entry in AuditEntry.objects.filter(act="operations.sweep_files")] == [
        {".sent": 1}
    ] * 2
