"""The audit trail as auditors and everybody read it."""

import csv
import io
import time
from datetime import date
from typing import Any

import pytest
from django.db.models.signals import post_init
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from accounts.actions.second_factor import note_second_factor
from audit.actions import export_audit
from audit.entry_lines import name_of
from audit.export import KIND
from audit.search import MOST_PEOPLE, people_named
from operations import audit, clock, jobs, outbox
from operations.models import AuditEntry, AuditValue, Job
from people.actions.bulk import end_many
from people.actions.grants import grant, revoke_grant
from people.models import Agency, Grant, Role, Unit, User
from tests import factories
from tests.elearning.pages import flat
from tests.factories import client_of, counted, make_person
from tests.privacy.test_erasure import tables_that_name

pytestmark = pytest.mark.django_db
AUDIT, MINE = "/en/people/audit/", "/en/people/my-trail/"


def text_of(client: Client, url: str, **data: Any) -> str:
    response = client.get(url, data)
    assert response.status_code == 200
    return flat(response.content)


@pytest.fixture
def entry(officer: User, admin: User) -> AuditEntry:
    """An administrator changed the officer's family name."""
    return audit.record(
        by=admin, act="people.add_person", subject_kind="user", subject_id=officer.public_id,
        reason="marriage", after={"unit": "ganja"},
        personal={officer.public_id: {"family_name": ("Məmmədova", "Rəhimova")}},
    )  # fmt: skip


# --- auditors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["officer", "trainer", "coordinator", "duty_officer", "registrar", "admin", "outsider"]
)
def test_audit_trail_is_for_auditors_alone(who: str, entry: AuditEntry, request: Any) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(AUDIT).status_code == 403
    assert client.get(f"{AUDIT}{entry.public_id}/").status_code == 403
    assert client.post(f"{AUDIT}export/", {"form": "csv"}).status_code == 403
    assert Job.objects.count() == 0


def test_stranger_is_led_to_the_sign_in_page(client: Client, entry: AuditEntry) -> None:
    for url in (AUDIT, f"{AUDIT}{entry.public_id}/", MINE):
        assert client.get(url).status_code == 302


def test_auditor_of_one_agency_does_not_read_the_trail_of_all(agency: Agency) -> None:
    person = make_person()
    grant(person=person, position="auditor", agency=agency, by=None)
    assert client_of(person).get(AUDIT).status_code == 403


def test_list_says_who_did_what_to_whom_and_why(auditor: User, entry: AuditEntry) -> None:
    text = text_of(client_of(auditor), AUDIT)
    assert [
        word for word in ("Person added", "Rəşad Əliyev", "Aytən Məmmədova", "marriage") if word not in text
    ] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("az", "şikayət"), ("en", "a complaint was upheld"), ("ru", "жалоба удовлетворена")],
)
def test_reason_chosen_from_a_list_is_read_in_words(language: str, words: str, auditor: User) -> None:
    entry = audit.record(
        by=None, act="certificates.revoke", subject_kind="certificate", subject_id="x", reason="complaint"
    )
    for url in (f"/{language}/people/audit/", f"/{language}/people/audit/{entry.public_id}/"):
        shown = text_of(client_of(auditor), url)
        assert words in shown.lower() and ">complaint<" not in shown


def test_entry_shows_values_before_and_after_and_that_it_stands(auditor: User, entry: AuditEntry) -> None:
    text = text_of(client_of(auditor), f"{AUDIT}{entry.public_id}/")
    wanted = ("Məmmədova", "Rəhimova", "ganja", "its hash matches", entry.sha256)
    assert [word for word in wanted if word not in text] == []


def test_entry_that_was_tampered_with_is_shown_as_such(auditor: User, entry: AuditEntry) -> None:
    other = AuditEntry.objects.create(
        at=entry.at, act="people.grant", subject_kind="user", subject_id=entry.subject_id, sha256="0" * 64
    )
    assert "The entry is not what was written" in text_of(client_of(auditor), f"{AUDIT}{other.public_id}/")


def test_erased_values_are_called_erased_and_the_entry_still_stands(auditor: User, entry: AuditEntry) -> None:
    audit.erase(entry.subject_id)
    text = text_of(client_of(auditor), f"{AUDIT}{entry.public_id}/")
    assert "Rəhimova" not in text and "erased" in text and "its hash matches" in text


def test_reason_in_somebodys_own_words_is_read_until_it_is_erased(
    auditor: User, officer: User, unit: Any, admin: User
) -> None:
    """It may name third people: it goes with the person, and the entry still stands."""
    given = factories.give(officer, "duty-officer", unit=unit)
    revoke_grant(grant=given, reason="Kərimova Leyla complained", by=admin)
    entry = AuditEntry.objects.get(act="people.revoke_grant")
    page, own = f"{AUDIT}{entry.public_id}/", client_of(officer)
    for address, client in ((AUDIT, client_of(auditor)), (page, client_of(auditor)), (MINE, own)):
        assert "Kərimova Leyla complained" in text_of(client, address)
    assert entry.reason == "" and audit.stands(entry)
    audit.erase(officer.public_id)
    assert not tables_that_name(("Kərimova Leyla",))
    text = text_of(client_of(auditor), page)
    assert "<dt>Why</dt><dd><span>erased</span>" in text and "its hash matches" in text


def test_reasons_and_fields_are_told_in_words(auditor: User, officer: User, officer2: User) -> None:
    audit.record(
        by=None, act="certificates.revoke", subject_kind="user", subject_id=officer.public_id,
        reason="complaint",
        personal={
            officer.public_id: {
                "service_number": ("LAB-1", "LAB-2"),
                "supervisor": (None, officer2.public_id),
                "posting": ({"service_number": "LAB-1", "main": True}, None),
            }
        },
    )  # fmt: skip
    entry = AuditEntry.objects.get(act="certificates.revoke")
    text = text_of(client_of(auditor), f"{AUDIT}{entry.public_id}/")
    assert "a complaint was upheld" in text and "Orxan Quliyev" in text
    assert "service number: LAB-1" in text and "main posting: Yes" in text
    for code in ("service_number", "complaint<", officer2.public_id, "{&quot;"):
        assert code not in text


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("az", "bitmə: müddətsiz", "bitmə: 31.12.2026"),
        ("en", "until: no end", "until: 31 December 2026"),
        ("ru", "по: бессрочно", "по: 31.12.2026"),
    ],
)
def test_days_of_a_posting_are_told_in_words(
    language: str, before: str, after: str, auditor: User, officer: User, agency: Agency
) -> None:
    end = clock.end_of(date(2026, 12, 31))
    end_many(people=[officer], agency=agency, valid_to=end, by=None)
    entry = AuditEntry.objects.get(act="people.end_many")
    own = text_of(client_of(officer), f"/{language}/people/my-trail/")
    kept = text_of(client_of(auditor), f"/{language}/people/audit/{entry.public_id}/")
    for text in (own, kept):
        assert before in text and after in text
        assert "T20:00:00" not in text and end.isoformat() not in text


def test_entry_about_several_people_says_whose_each_value_is(
    auditor: User, officer: User, officer2: User
) -> None:
    people = {each.public_id: {"invited": (None, True)} for each in (officer, officer2)}
    entry = audit.record(
        by=None, act="accounts.invite", subject_kind="invitations", subject_id="of-two", personal=people
    )
    text = text_of(client_of(auditor), f"{AUDIT}{entry.public_id}/")
    with translation.override("en"):
        names = [name_of(person) for person in (officer, officer2)]
    assert all(f"{name}: invited" in text for name in names) and "invitations: of-two" in text
    mine = text_of(client_of(officer), MINE)
    assert "invited" in mine and names[1] not in mine


def found_by(auditor: User, **filters: str) -> list[AuditEntry]:
    """Return what the list shows after these filters were sent, as a person sends them."""
    client = client_of(auditor)
    response = client.post(AUDIT, filters, follow=True)
    assert response.status_code == 200
    return [row.entry for row in response.context["rows"]]


def test_filters_by_act_and_day(auditor: User, entry: AuditEntry, officer: User) -> None:
    assert {found.act for found in found_by(auditor, act="people.post")} == {"people.post"}
    today = clock.today().isoformat()
    assert entry in found_by(auditor, since=today, until=today)
    assert found_by(auditor, until="2020-01-01") == []


REVERSED = {"since": "2026-03-02", "until": "2026-03-01"}


@pytest.mark.parametrize(
    ("language", "filters", "words"),
    [
        ("en", REVERSED, "The last day comes before the first."),
        ("az", REVERSED, "Son gün ilk gündən əvvəldir."),
        ("ru", REVERSED, "Последний день раньше первого."),
        ("en", {"since": "nonsense"}, "Enter a day, for example 24.11.2026."),
        ("en", {"until": "2026-02-30"}, "This day does not exist: 30.02.2026."),
        ("en", {"act": "nonsense"}, "Select a valid choice"),
    ],
)
def test_filter_that_makes_no_sense_is_said_at_its_field(
    language: str, filters: dict[str, str], words: str, auditor: User, entry: AuditEntry
) -> None:
    """Typed, in an address, and sent for a file: nothing is found, nothing typed is lost, no file is made."""
    client, page = client_of(auditor), f"/{language}/people/audit/"
    for answer in (
        client.post(page, {"q": "Məmmədova", **filters}),
        client.get(page, filters),
        client.post(f"{page}export/", {"form": "csv", **filters}, follow=True),
    ):
        text = answer.content.decode()
        assert (answer.status_code, text.count(words)) == (200, 2)  # in the summary and at the field
        assert answer.context["rows"] == []
        assert all(f'value="{said}"' in text for name, said in filters.items() if name != "act")
    assert 'value="Məmmədova"' in client.post(page, {"q": "Məmmədova", **filters}).content.decode()
    assert not Job.objects.exists()


def test_search_finds_a_person_by_name_number_and_id_on_either_side(
    auditor: User, entry: AuditEntry, officer: User, admin: User
) -> None:
    for text in ("memmedova ayten", "LAB-0417", officer.public_id):
        assert entry in found_by(auditor, q=text, side="about")
        assert found_by(auditor, q=text, side="by") == []
    assert entry in found_by(auditor, q=admin.public_id, side="by")
    assert entry in found_by(auditor, q=admin.public_id)
    assert found_by(auditor, q="nobody at all") == []


def test_name_searched_for_never_stands_in_an_address(auditor: User, entry: AuditEntry) -> None:
    client = client_of(auditor)
    response = client.post(AUDIT, {"q": "Məmmədova", "act": "people.post"})
    assert response.url == f"{AUDIT}?act=people.post&searched=yes"
    page = client.get(response.url)
    assert 'value="Məmmədova"' in page.text  # kept in the session
    assert page.context["found"] == {"text": "Məmmədova", "href": f"{AUDIT}?act=people.post"}
    assert 'value="Məmmədova"' not in text_of(client, AUDIT)


def test_search_is_limited_to_as_many_people_as_a_question_can_hold(db: Any, monkeypatch: Any) -> None:
    from audit import search

    monkeypatch.setattr(search, "MOST_PEOPLE", 2)
    for _ in range(3):
        make_person("Səfərov")
    assert (len(people_named("safarov") or people_named("seferov")), MOST_PEOPLE) == (2, 200)


def test_list_and_entry_take_the_same_queries_for_one_and_three_subjects(
    auditor: User, entry: AuditEntry
) -> None:
    client = client_of(auditor)
    client.get(AUDIT)
    numbers = []
    for _ in range(2):
        with counted() as queries:
            client.get(AUDIT)
        numbers.append(len(queries))
        make_person(), make_person()
    assert numbers[0] == numbers[1]


def test_entry_on_a_whole_agency_fills_no_memory(auditor: User, admin: User, monkeypatch: Any) -> None:
    """A roster leaves one entry with values of everybody in it: the list reads none of them, the page a few."""
    monkeypatch.setattr("audit.views.MOST_VALUES", 20)
    entry = audit.record(
        by=admin, act="rosters.carry_out_roster", subject_kind="roster", subject_id="r",
        personal={f"person-{number}": {"family_name": ("Bir", "İki")} for number in range(60)},
    )  # fmt: skip
    read: list[AuditValue] = []

    def note(instance: AuditValue, **more: Any) -> None:
        read.append(instance)

    post_init.connect(note, sender=AuditValue)
    try:
        assert "Roster applied" in text_of(client_of(auditor), AUDIT) and not read
    finally:
        post_init.disconnect(note, sender=AuditValue)
    page = text_of(client_of(auditor), f"{AUDIT}{entry.public_id}/")
    assert page.count("Bir") == 20 and "40 more values are in the file that you export" in page
    assert "its hash matches" in page
    AuditValue.objects.filter(entry=entry, person_id="person-59").update(salt=None, before=None, after=None)
    assert "its hash matches" in text_of(client_of(auditor), f"{AUDIT}{entry.public_id}/")


def test_pages_follow_one_another(auditor: User, officer: User) -> None:
    for number in range(60):
        audit.record(
            by=None,
            act="people.post",
            subject_kind="user",
            subject_id=officer.public_id,
            reason=f"nr {number}",
        )
    client = client_of(auditor)
    first = client.get(AUDIT)
    second = client.get(f"{AUDIT}?page={first.context['page'].next}")
    shown = [row.entry for response in (first, second) for row in response.context["rows"]]
    assert len(first.context["rows"]) == 50 and len({entry.pk for entry in shown}) == len(shown)
    assert [entry.reason for entry in shown[:60]] == [f"nr {number}" for number in reversed(range(60))]
    assert 'rel="next"' in first.content.decode() and 'rel="prev"' in second.content.decode()


# --- export -----------------------------------------------------------------------------------------


def exported(auditor: User, form: str = "csv", **filters: str) -> tuple[Job, bytes]:
    User.objects.filter(pk=auditor.pk).update(language="en")
    client = client_of(auditor)
    if "q" in filters:
        client.post(AUDIT, {"q": filters.pop("q")})
        filters["searched"] = "yes"
    response = client.post(f"{AUDIT}export/", {"form": form, **filters})
    outbox.work_off([KIND])
    job = Job.objects.get()
    assert response.url == f"/en/jobs/{job.public_id}/"
    assert (job.state, job.error) == ("done", "")
    return job, b"".join(client.get(f"/en/jobs/{job.public_id}/file/"))


def test_export_is_a_file_of_what_the_filters_find(auditor: User, entry: AuditEntry, officer: User) -> None:
    job, content = exported(auditor, act="people.add_person", q=officer.public_id)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert {row["Code of the act"] for row in rows} == {"people.add_person"}
    assert {row["Id of the subject"].lstrip("'") for row in rows} == {
        officer.public_id
    }  # one may begin with -
    assert "family name: Məmmədova → Rəhimova" in rows[0]["Personal values"]
    assert job.result_name.endswith(".csv")


def test_export_as_xlsx_opens_as_a_sheet(auditor: User, entry: AuditEntry) -> None:
    _job, content = exported(auditor, form="xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == AuditEntry.objects.count()  # the export's own entry came after the question


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_has_every_value_of_an_entry_on_a_whole_agency(form: str, auditor: User, officer: User) -> None:
    """In as many rows as it takes: a cell of a spreadsheet holds 32,767 characters, and cuts off the rest."""
    people = {f"person-{number:04}": {"family_name": ("Bir" * 10, "İki" * 10)} for number in range(450)}
    personal = {**people, officer.public_id: {"family_name": ("Bir", "İki")}}
    entry = audit.record(
        by=None, act="rosters.carry_out_roster", subject_kind="roster", subject_id="r", personal=personal
    )
    _job, content = exported(auditor, form)
    if form == "csv":
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    else:
        lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    rows = [row for row in lines if row[-1] == entry.sha256]
    told = "\n".join(row[-2] for row in rows)
    assert len(rows) == 5 and all(len(row[-2]) < 32_767 for row in rows)
    assert all(f"{person}: family name: Bir" in told for person in people)
    assert "Aytən Məmmədova: family name: Bir → İki" in told
    assert {tuple(row[:-2]) for row in rows} == {tuple(rows[0][:-2])}


def test_export_leaves_an_entry_without_what_was_searched_for(
    auditor: User, entry: AuditEntry, officer: User
) -> None:
    job, _content = exported(auditor, q="Məmmədova", act="people.post")
    kept = AuditEntry.objects.get(act="audit.export_audit")
    assert (kept.by, kept.after) == (auditor, {"act": "people.post", "searched": True, "form": "csv"})
    assert "Məmmədova" not in str(job.payload)


def test_export_leaves_no_scratch_file(auditor: User, entry: AuditEntry, settings: Any) -> None:
    from pathlib import Path

    exported(auditor)
    assert list(Path(settings.VAR_DIR, "results").glob("scratch-*")) == []


def test_export_asks_for_a_fresh_proof(auditor: User) -> None:
    """Names leave in the file: a sign-in of this morning is not enough."""
    response = client_of(auditor, proved=time.time() - 3600).post(f"{AUDIT}export/", {"form": "csv"})
    assert "reauthenticate" in response.url and Job.objects.count() == 0


def test_auditor_whose_position_has_ended_fetches_no_file(auditor: User, entry: AuditEntry) -> None:
    job, _content = exported(auditor)
    revoke_grant(grant=auditor.grants.get(), by=None)
    client = client_of(auditor)
    assert client.get(f"/en/jobs/{job.public_id}/file/").status_code == 404
    page = client.get(f"/en/jobs/{job.public_id}/").content.decode()
    assert "/file/" not in page


def test_export_waiting_while_the_position_ends_is_refused(auditor: User, entry: AuditEntry) -> None:
    client_of(auditor).post(f"{AUDIT}export/", {"form": "csv"})
    revoke_grant(grant=auditor.grants.get(), by=None)
    outbox.work_off([KIND])
    job = Job.objects.get()
    assert (job.state, job.result) == ("failed", "")


def test_export_of_an_unknown_form_is_not_found(auditor: User) -> None:
    assert client_of(auditor).post(f"{AUDIT}export/", {"form": "exe"}).status_code == 404


# --- one's own --------------------------------------------------------------------------------------


def test_officer_reads_who_changed_what_about_them(officer: User, admin: User, entry: AuditEntry) -> None:
    text = text_of(client_of(officer), MINE)
    wanted = ("Person added", "Rəşad Əliyev", "marriage", "Rəhimova", "Posting entered", "LAB-0417")
    assert [word for word in wanted if word not in text] == []


def test_officer_reads_which_position_was_given_and_which_second_step_added(
    officer: User, admin: User, unit: Unit
) -> None:
    grant(person=officer, position=Grant.Position.DUTY_OFFICER, unit=unit, reason="order 7", by=admin)
    note_second_factor(person=officer, kind="totp", change="added", by=officer)
    text = text_of(client_of(officer), MINE)
    wanted = ("position: duty officer", "kind: code from an app", "what was done: added")
    assert [words for words in wanted if words not in text] == []


def test_nobody_reads_what_was_noted_about_others(officer2: User, outsider: User, entry: AuditEntry) -> None:
    for reader in (officer2, outsider):
        text = text_of(client_of(reader), MINE)
        assert "Rəhimova" not in text and "LAB-0417" not in text


def test_entry_on_many_shows_each_their_own_values(officer: User, officer2: User, admin: User) -> None:
    audit.record(
        by=admin, act="people.post", subject_kind="agency", subject_id="labour-inspection",
        personal={
            officer.public_id: {"service_number": ("LAB-0417", "LAB-9001")},
            officer2.public_id: {"service_number": ("LAB-0418", "LAB-9002")},
        },
    )  # fmt: skip
    text = text_of(client_of(officer), MINE)
    assert "LAB-9001" in text and "LAB-9002" not in text


def test_record_that_was_merged_into_ones_own_is_ones_own(
    officer: User, outsider: User, entry: AuditEntry
) -> None:
    factories.merged(officer, into=outsider)
    assert "Rəhimova" in text_of(client_of(outsider), MINE)


def test_unknown_part_is_not_found(officer: User) -> None:
    assert client_of(officer).get(MINE, {"part": "nonsense"}).status_code == 404


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_in_three_languages(language: str, auditor: User, entry: AuditEntry) -> None:
    client = client_of(auditor)
    for url in (AUDIT, f"{AUDIT}{entry.public_id}/", MINE, f"{MINE}?part=asked"):
        page = client.get(url.replace("/en/", f"/{language}/"))
        assert page.status_code == 200 and f'<html lang="{language}">' in page.content.decode()


def test_own_trail_takes_the_same_queries_however_much_was_noted(
    officer: User, unit: Unit, role: Role
) -> None:
    client = client_of(officer)
    client.get(MINE)
    numbers = []
    for _ in range(2):
        with counted() as queries:
            client.get(MINE)
        numbers.append(len(queries))
        for _ in range(2):
            audit.record(
                by=officer, act="people.post", subject_kind="user", subject_id=officer.public_id,
                personal={officer.public_id: {"service_number": (None, "X")}},
            )  # fmt: skip
    assert numbers[0] == numbers[1]
    assert AuditValue.objects.filter(field="service_number").count() >= 2


def test_refused_export_leaves_nothing(outsider: User) -> None:
    from django.core.exceptions import PermissionDenied

    from audit.search import Chosen

    with pytest.raises(PermissionDenied):
        export_audit(chosen=Chosen(), form="csv", by=outsider)
    assert Job.objects.count() == 0
    assert KIND in jobs.job_kinds
    with translation.override("en"):
        assert str(jobs.job_kinds[KIND].title) == "Export of the audit trail"
