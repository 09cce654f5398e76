"""A list of service numbers, typed or sent as a file: told line by line, confirmed as one, applied as a job."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates import actions_recognition as actions
from certificates.actions_life import suspend
from certificates.models import Award, Certificate
from certificates.recognition_list import as_text, lines_of_file, lines_of_text
from operations import clock, jobs
from operations.models import AuditEntry, Errand, Job, Proposal
from operations.outbox import work_off
from operations.spreadsheets import write_xlsx
from people.models import Agency, Unit, User
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import client_of

from .issuing import make_certificate
from .recognising import allowed, awards_of, job_of, propose, sent

pytestmark = [pytest.mark.usefixtures("keys", "english")]


@pytest.fixture
def open_to_it(curriculum: tiny.Curriculum) -> tiny.Curriculum:
    allowed()
    return curriculum


def page(name: str, *parts: str) -> str:
    return reverse(f"certificates:{name}", args=parts)


def colleagues(unit: Unit, number: int, start: int = 1) -> list[User]:
    """So many in the unit, with the numbers N-1, N-2 …"""
    return [
        factories.make_person(f"Adilov{place}", unit=unit, service_number=f"N-{place}")
        for place in range(start, start + number)
    ]


def file_of(content: str | bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def post(client: Any, **more: Any) -> str:
    return flat(client.post(page("recognise"), sent(**more), follow=True).text)


# --- reading ----------------------------------------------------------------------------------------


def test_typed_numbers_with_agencies_and_headings():
    text = "Xidməti nömrə;Qurum\n LAB-1 ;dsx\n\nLAB-2\n"
    lines = lines_of_text(text)
    assert [(each.line, each.number, each.agency) for each in lines] == [
        (2, "LAB-1", "dsx"),
        (4, "LAB-2", ""),
    ]
    assert as_text(lines) == "LAB-1;dsx\nLAB-2"


@pytest.mark.parametrize(
    "content",
    ["LAB-1;dsx\r\nLAB-2\r\n".encode("utf-16"), b"\xef\xbb\xbfservice number,agency\nLAB-1,dsx\n\nLAB-2,\n",
     b"sep=;\nLAB-1;dsx\nLAB-2;\n"],
)  # fmt: skip
def test_files_of_any_spreadsheet_program_are_read(content: bytes):
    assert [(each.number, each.agency) for each in lines_of_file(content)] == [
        ("LAB-1", "dsx"),
        ("LAB-2", ""),
    ]


def test_workbook_is_read_by_the_reader_of_rosters(tmp_path: Path):
    write_xlsx(tmp_path / "list.xlsx", ["Xidməti nömrə", "Qurum"], [["LAB-1", "dsx"], ["LAB-2", ""]])
    found = lines_of_file((tmp_path / "list.xlsx").read_bytes())
    assert [(each.line, each.number, each.agency) for each in found] == [
        (2, "LAB-1", "dsx"), (3, "LAB-2", ""),
    ]  # fmt: skip


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b"0" * 200_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "list.csv", "The file is empty."),
        (b"%PDF-1.7", "list.pdf", "neither a text file"),
        (b"PK\x03\x04 damaged", "list.xlsx", "damaged"),
        (b"\x00\x01\x02", "list.csv", "neither a text file"),
        (b'LAB-1\n"never closed', "list.csv", "quotation mark"),
        (b"N-1\n" * 300_000, "list.csv", "larger than 1 MB"),
        (bomb, "list.xlsx", "enormous inside"),
        (b"service number\n", "list.csv", "Enter at least one service number"),
    ],
)
def test_files_that_are_none_are_refused_in_words(
    open_to_it: tiny.Curriculum, registrar: User, content: bytes | Callable[[], bytes], name: str, words: str
):
    sent_file = file_of(content() if callable(content) else content, name)
    assert words in post(client_of(registrar), file=sent_file)
    assert not Proposal.objects.exists()


# --- errors by line ---------------------------------------------------------------------------------


def test_every_hostile_line_is_told_by_its_number_and_nothing_is_proposed(
    open_to_it: tiny.Curriculum, agency: Agency, other_agency: Agency, unit: Unit, other_unit: Unit,
    officer: User, registrar: User,
):  # fmt: skip
    colleagues(unit, 3)
    factories.make_person(unit=other_unit, service_number="N-3")
    factories.make_person(unit=unit, service_number="REG-1")
    own = factories.make_person(unit=unit, service_number="OWN-1")
    factories.merged(own, into=registrar)
    suspend(
        certificate=make_certificate(officer, months=3),
        reason="inquiry",
        last_day=clock.today(),
        by=registrar,
    )
    allowed()
    lines = [
        "service number;agency",
        "N-1",
        "=HYPERLINK(1);x",
        "N-\u202e2",
        "N-1",
        "N-3",
        f"N-3;{other_agency.code}",
        "N-2;nowhere",
        "<script>alert(1)</script>",
        "LAB-0417",
        "N-2;x;y",
        ";x",
        "9" * 400,
        "OWN-1",
    ]
    said = post(client_of(registrar), file=file_of("\n".join(lines)))
    for line, words in (
        (3, "“=HYPERLINK(1)” is a formula"),
        (4, "marks that cannot be seen"),
        (5, "This person stands in line 2 already."),
        (6, "Several people serve under the number N-3"),
        (8, "Nobody serves under the number N-2 there."),
        (9, "Nobody serves under the number &lt;script&gt;"),
        (10, "suspended"),
        (11, "A line holds one service number"),
        (12, "A line holds one service number"),
        (13, "too long"),
        (14, "Nobody serves under the number OWN-1"),
    ):
        assert f"Line {line}: " in said and words in said, (line, words)
    assert 'id="id_file_error"' in said and 'id="id_numbers_error"' not in said
    assert "Line 2: " not in said and "Line 7: " not in said
    assert "<script>alert" not in said
    assert not Proposal.objects.filter(act__startswith="certificates.").exists() and not Job.objects.exists()


def test_numbers_typed_beside_a_file_are_not_dropped(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User
):
    colleagues(unit, 2)
    said = post(client_of(registrar), numbers="N-1", file=file_of("N-2"))
    assert "Type the numbers or send a file, not both." in said
    assert ">N-1</textarea>" in said


def test_at_most_five_hundred(open_to_it: tiny.Curriculum, registrar: User):
    said = post(client_of(registrar), numbers="\n".join(f"N-{place}" for place in range(501)))
    assert "Line 501: At most 500 people at once." in said and "Line 1: " not in said


def test_errors_cost_as_many_queries_for_three_lines_as_for_thirty(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User
):
    colleagues(unit, 30)
    client = client_of(registrar)

    def queries(number: int) -> int:
        with factories.counted() as found:
            post(client, numbers="\n".join(["nobody", *(f"N-{place}" for place in range(1, number))]))
        return len(found)

    assert queries(3) == queries(30)


def test_questions_are_limited_by_the_hour(open_to_it: tiny.Curriculum, registrar: User, officer: User):
    client = client_of(registrar)
    for _time in range(60):
        assert "Nobody serves" in post(client, numbers="X-1")
    assert "Too many questions within the hour." in post(client, numbers="LAB-0417")
    assert "Məmmədova" not in post(client, numbers="LAB-0417")
    cache.clear()


# --- the whole way ----------------------------------------------------------------------------------


def test_list_is_one_proposal_and_one_job_with_progress(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User, registrar2: User, outsider: User
):
    people = colleagues(unit, 25)
    first, second = client_of(registrar), client_of(registrar2)
    content = "\n".join(["service number", *(f"N-{place}" for place in range(1, 26))])
    asked = first.post(page("recognise"), sent(file=file_of(content))).text
    assert "25 people" in asked and "labour-inspection (en): 25" in asked
    numbers = asked.partition('name="numbers" value="')[2].partition('"')[0]
    assert numbers.split()[:2] == ["N-1", "N-2"]
    first.post(page("recognise"), sent(numbers=numbers, sure="1"))
    proposal = Proposal.objects.get()
    assert proposal.subject_id == open_to_it.qualification.public_id
    assert proposal.payload["people"] == [person.public_id for person in people]
    assert not Award.objects.exists()
    listed = flat(second.get(page("proposals")).text)
    assert "C1-LAB, 25 people" in listed
    second.post(page("decide_recognition", proposal.public_id, "confirm"))
    job = job_of(proposal)
    assert (job.by, job.total, job.done) == (registrar2, 25, 0)
    shown = flat(second.get(page("recognition", proposal.public_id)).text)
    assert "0 of 25 done" in shown and reverse("jobs:one", args=[job.public_id]) in shown
    for client in (first, client_of(outsider)):
        assert client.get(reverse("jobs:one", args=[job.public_id])).status_code == 404
    work_off()
    job.refresh_from_db()
    assert (job.state, job.done, job.error) == ("done", 25, "")
    assert {award.person for award in awards_of(proposal)} == set(people)
    assert Certificate.objects.count() == 25 and len({a.cause for a in awards_of(proposal)}) == 25
    after = flat(first.get(page("recognition", proposal.public_id)).text)
    assert "25 of 25 done" in after and after.count('class="code"') >= 25
    entries = AuditEntry.objects.filter(act="certificates.recognise")
    assert {entry.subject_id for entry in entries} == {person.public_id for person in people}


def test_nobody_is_recognised_while_somebody_cannot_be(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User, registrar2: User
):
    people = colleagues(unit, 3)
    proposal = propose(*people, by=registrar)
    make_certificate(people[1])
    allowed()
    with pytest.raises(ValidationError, match="2 of the list: This person holds one"):
        actions.confirm_recognition(proposal=proposal, by=registrar2)
    assert len(awards_of(proposal)) == 0 and not Job.objects.exists()


def test_confirmer_on_the_list_decides_nothing(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User, registrar2: User
):
    proposal = propose(*colleagues(unit, 2), registrar2, by=registrar)
    shown = client_of(registrar2).get(page("recognition", proposal.public_id)).text
    assert "Confirm the recognition" not in shown
    assert "recognition of other training to decide" not in client_of(registrar2).get("/en/").text
    answer = client_of(registrar2).post(page("decide_recognition", proposal.public_id, "confirm"))
    assert answer.status_code == 403


def test_what_stands_against_somebody_since_leaves_out_only_them(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User, registrar2: User
):
    people = colleagues(unit, 4)
    proposal = Proposal.objects.get(pk=propose(*people, by=registrar).pk)
    actions.confirm_recognition(proposal=proposal, by=registrar2)
    make_certificate(people[0])
    allowed()
    factories.merged(people[3], into=people[2])
    work_off()
    job = job_of(proposal)
    assert (job.state, job.done, job.error) == ("done", 4, "2 nəfərin təlimi tanınmadı: siyahıya baxın.")
    assert [award.person for award in awards_of(proposal)] == people[1:3]
    shown = flat(client_of(registrar).get(page("recognition", proposal.public_id)).text)
    assert "This person holds one that lasts as long or longer" in shown
    assert "The record was closed, merged or erased." in shown


def test_five_hundred_take_as_many_queries_a_chunk_as_five(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User, registrar2: User
):
    def queries(people: list[User]) -> int:
        proposal = Proposal.objects.get(pk=propose(*people, by=registrar).pk)
        actions.confirm_recognition(proposal=proposal, by=registrar2)
        with factories.counted() as found:
            work_off([actions.APPLY])
        chunks = -(-len(people) // actions.AT_ONCE)
        assert len(awards_of(proposal)) == len(people)
        Errand.objects.filter(kind="certificates.issue").delete()
        return len(found) // chunks

    few = queries(colleagues(unit, 5))
    many = queries(colleagues(unit, 500, start=100))
    assert many <= few


# --- kill -9 ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """As the end of a process: nothing of the product catches it."""


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], None]:
    """The worker dies in the chunk of this number: at its beginning, in its middle or just before its commit."""

    def at(number: int, where: str) -> None:
        seen = iter(range(1, 10**6))
        name = {"beginning": "_locked", "middle": "enqueue_all", "end": "_left_text"}[where]
        own = getattr(actions, name)

        def dying(*args: Any, **kwargs: Any) -> Any:
            found = own(*args, **kwargs)
            if next(seen) == number:
                raise Killed
            return found

        monkeypatch.setattr(actions, name, dying)

    return at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["beginning", "middle", "end"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_killed_in_any_chunk_it_goes_on_and_nobody_gets_two(
    open_to_it: tiny.Curriculum, unit: Unit, registrar: User, registrar2: User, where: str, number: int,
    dies: Callable[[int, str], None], monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    people = colleagues(unit, 8)
    proposal = Proposal.objects.get(pk=propose(*people, by=registrar).pk)
    actions.confirm_recognition(proposal=proposal, by=registrar2)
    dies(number, where)
    with pytest.raises(Killed):
        work_off([actions.APPLY])
    assert len(awards_of(proposal)) == job_of(proposal).done == 3 * (number - 1)
    Errand.objects.filter(kind=actions.APPLY).update(due_at=clock.real_now() - timedelta(seconds=1))
    work_off([actions.APPLY])
    assert job_of(proposal).state == "done"
    assert [award.person for award in awards_of(proposal)] == people
    issues = Errand.objects.filter(kind="certificates.issue")
    assert sorted(issues.values_list("key", flat=True)) == sorted(a.public_id for a in awards_of(proposal))


def test_cancelled_and_started_again_it_goes_on(
    open_to_it: tiny.Curriculum,
    unit: Unit,
    registrar: User,
    registrar2: User,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    people = colleagues(unit, 3)
    proposal = Proposal.objects.get(pk=propose(*people, by=registrar).pk)
    actions.confirm_recognition(proposal=proposal, by=registrar2)
    jobs.cancel(job=job_of(proposal), by=registrar2)
    work_off([actions.APPLY])
    assert not awards_of(proposal)
    jobs.restart(job=job_of(proposal), by=registrar2)
    work_off([actions.APPLY])
    assert [award.person for award in awards_of(proposal)] == people
