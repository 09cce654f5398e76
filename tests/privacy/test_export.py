"""“Everything about me” is everything, and nothing about others' secrets or the answer key."""

import io
import json
import re
import zipfile
from datetime import date
from typing import Any

import pikepdf
import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.template.defaultfilters import floatformat
from django.utils import translation

from assessments.models import Answer, Mark
from certificates.models import Certificate
from locales.dates import day_text
from operations import clock, personal
from operations.codes import grouped
from operations.models import Job
from operations.outbox import work_off
from people.actions.bulk import transfer_many
from privacy import archive
from privacy.actions.corrections import ask_correction
from privacy.actions.erasure import erase_person
from privacy.actions.own_data import export_my_data
from privacy.export import Export, collect
from tests import factories

from .whole_person import EMAIL, FAMILY, NUMBER, Whole

# Marked because they point at somebody: who acted is told in the rows about the person; what the person did
# to others, in the audit trail.
POINTS_AT_SOMEBODY = (models.ForeignKey,)


def exported(whole: Whole) -> tuple[Export, dict[str, list[dict[str, Any]]]]:
    with translation.override("en"):
        export = collect(whole.person)
    return export, {model: section.rows for model, section in export.sections.items()}


def test_every_marked_field_of_every_model_is_exported_or_withheld_with_a_reason(whole):
    export, sections = exported(whole)
    missing = []
    for model in personal.our_models():
        label = model._meta.label
        for name in personal.columns(model)[0]:
            if (label, name) in export.withheld:
                continue
            values = [row.get(name) for row in sections.get(label, [])]
            if not any(value not in (None, "", [], {}) for value in values):
                missing.append(f"{label}.{name}")
    assert missing == ["people.User.merged_into"] or missing == []


def test_what_is_withheld_is_a_secret_the_answer_key_a_hash_of_a_case_or_who_decided_by_office(whole):
    export, _sections = exported(whole)
    assert set(export.withheld) <= {
        ("people.User", "password"),
        ("accounts.Invitation", "secret_hash"),
        ("assessments.ScenarioVersion", "content"),
        ("clearance.Decision", "case_salt"),
        ("clearance.Decision", "case_bucket"),
        ("wagtailusers.UserProfile", "avatar"),
        ("mfa.Authenticator", "data"),
        ("usersessions.UserSession", "session_key"),
        ("assessments.AnswersSeen", "by"),
        ("assessments.AppealDecision", "decided_by"),
        ("assessments.Marking", "made_by"),
        ("certificates.AwardInDoubt", "decided_by"),
        ("certificates.CertificateEvent", "by"),
        ("certificates.Complaint", "decided_by"),
        ("certificates.Complaint", "recorded_by"),
        ("certificates.EventAppeal", "decided_by"),
    }
    assert all(str(why) for why in export.withheld.values())


def test_marks_of_an_exam_are_told_in_sum_alone(whole):
    _export, sections = exported(whole)
    exam = Mark.objects.filter(marking__attempt__person=whole.person, marking__attempt__blueprint__use="exam")
    practice = Mark.objects.filter(
        marking__attempt__person=whole.person, marking__attempt__blueprint__use="practice"
    )
    summed = [row for row in sections["assessments.Mark"] if "question_code" not in row]
    assert len(summed) == 1 < exam.count()
    assert len(sections["assessments.Mark"]) == practice.count() + 1
    assert summed[0]["points"] == str(sum(mark.points for mark in exam))
    assert "question_code" not in json.dumps(summed)


def test_answers_are_the_persons_own(whole):
    _export, sections = exported(whole)
    own = Answer.objects.filter(attempt__person=whole.person)
    assert len(sections["assessments.Answer"]) == own.count() < Answer.objects.count()


def test_answers_of_an_exam_come_by_the_names_of_their_page(whole):
    """Codes of a case tell in which order its steps are right."""
    _export, sections = exported(whole)
    said = json.dumps([row["value"] for row in sections["assessments.Answer"]])
    own = Answer.objects.filter(attempt__person=whole.person, attempt__blueprint__use="exam")
    codes = {code for answer in own for code in named_in(answer) if answer.question_code in code}
    assert codes and not [code for code in codes if code in said]


def test_answers_of_a_practice_are_told_in_the_words_of_their_page(whole):
    with translation.override("en"):
        export, sections = exported(whole)
        lines = [dict(line) for line in export.sections["assessments.Answer"].lines]
    own = Answer.objects.filter(attempt__person=whole.person, attempt__blueprint__use="practice")
    told = [row for row in sections["assessments.Answer"] if "words" in row]
    assert len(told) == own.count() > 0 and all(row["prompt"] and row["words"] for row in told)
    codes = {code for answer in own for code in named_in(answer) if answer.question_code in code}
    said = json.dumps([*told, *lines])
    assert codes and not [code for code in codes if f'"{code}"' in said]


def named_in(answer):
    return [answer.value] if isinstance(answer.value, str) else list(answer.value or ())


def test_nothing_of_a_colleague_is_in_it_but_the_name(whole, officer2):
    export, _sections = exported(whole)
    with translation.override("en"):
        text = json.dumps(archive.as_json(export, whole.person.created_at), ensure_ascii=False)
    assert officer2.email not in text and "LAB-0418" not in text
    assert officer2.get_full_name() in text  # the supervisor


def test_archive_comes_as_a_job_and_holds_json_pdf_and_certificates(whole, settings):
    job = export_my_data(person=whole.person, by=whole.person)
    work_off(["privacy.my_data"])
    job.refresh_from_db()
    assert (job.state, job.done, job.error) == (Job.State.DONE, 1, "")
    client = factories.client_of(whole.person)
    answer = client.get(f"/ru/jobs/{job.public_id}/file/")
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        names = found.namelist()
        said = json.loads(found.read("my-data.json"))
        paper = found.read("my-data.pdf")
    assert names[:2] == ["my-data.json", "my-data.pdf"]
    assert [name.partition("/")[0] for name in names[2:]] == ["certificates"]
    assert said["person"] == whole.person.public_id
    assert {row["family_name"] for row in said["sections"]["people.User"]["rows"]} == {FAMILY}
    assert said["sections"]["people.User"]["title"] == "Ваша запись"
    assert {row["service_number"] for row in said["sections"]["people.Posting"]["rows"]} == {NUMBER}
    with pikepdf.open(io.BytesIO(paper)) as document:
        assert len(document.pages) > 1


def test_ids_in_the_trail_come_with_their_names(officer, unit, agency):
    """For a machine the id stays as it was kept; on paper the name alone stands, and days in words."""
    quba = factories.make_unit(agency, "quba")
    since = clock.start_of(date(2026, 3, 1))
    transfer_many(people=[officer], agency=agency, unit=quba, valid_from=since, by=None)
    job = export_my_data(person=officer, by=officer)
    work_off(["privacy.my_data"])
    content = b"".join(factories.client_of(officer).get(f"/az/jobs/{job.public_id}/file/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        sections = json.loads(found.read("my-data.json"))["sections"]
        pages = pypdf.PdfReader(io.BytesIO(found.read("my-data.pdf"))).pages
    [kept] = [row for row in sections["operations.AuditValue"]["rows"] if row["field"] == "posting"]
    was, now = (f"{each.name_az}, {agency.name_az}" for each in (unit, quba))
    assert kept["before"]["unit"] == {"id": unit.public_id, "name": was}
    assert kept["after"] == {"unit": {"id": quba.public_id, "name": now}}
    [entry] = [
        row for row in sections["operations.AuditEntry"]["rows"] if row["act"] == "people.transfer_many"
    ]
    assert entry["after"]["unit"] == {"id": quba.public_id, "name": now}
    paper = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    assert f"bölmə: {was}" in paper and f"bölmə: {now}" in paper and "bitmə: müddətsiz" in paper
    assert unit.public_id not in paper and "T00:00" not in paper


def test_archive_is_nobody_elses(whole, outsider, admin):
    job = export_my_data(person=whole.person, by=whole.person)
    work_off(["privacy.my_data"])
    for stranger in (outsider, admin):
        assert factories.client_of(stranger).get(f"/en/jobs/{job.public_id}/file/").status_code in {302, 404}
        with pytest.raises(PermissionDenied):
            export_my_data(person=whole.person, by=stranger)


def test_second_request_is_the_job_under_way(officer):
    first = export_my_data(person=officer, by=officer)
    assert export_my_data(person=officer, by=officer) == first


def test_archive_that_was_being_made_does_not_outlive_an_erasure(officer, admin, monkeypatch, settings):
    folder = settings.VAR_DIR / "results"
    before = set(folder.glob("*"))
    job = export_my_data(person=officer, by=officer)
    made = archive.make

    def erased_meanwhile(person: Any) -> bytes:
        content = made(person)
        erase_person(person=person, by=None)
        return content

    monkeypatch.setattr(archive, "make", erased_meanwhile)
    work_off(["privacy.my_data"])
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.FAILED, "")
    assert set(folder.glob("*")) == before


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_paper_can_be_read_in_each_language(whole, language):
    with translation.override(language):
        export = collect(whole.person)
        paper = archive.as_pdf(export, whole.person.created_at)
    assert paper.startswith(b"%PDF") and EMAIL not in paper.decode("latin-1")  # packed, not in metadata


def test_certificates_and_marks_are_told_as_their_pages_tell_them(whole):
    certificate = Certificate.objects.filter(award__person=whole.person).earliest("pk")
    with translation.override("en"):
        found = {model: section.lines for model, section in collect(whole.person).sections.items()}
        told = dict(found["certificates.Certificate"][0])
        assert told["certificate number"] == grouped(certificate.short_code)
        assert (told["from"], told["until"]) == (
            day_text(clock.first_day(certificate.valid_from)), day_text(clock.last_day(certificate.valid_to)),
        )  # fmt: skip
        bearer = dict(found["certificates.CertificateBearer"][0])
        assert whole.person.get_full_name() in bearer["names"]
        assert bearer["agency"] == certificate.bearer.agency["en"]
        marks = Mark.objects.filter(
            marking__attempt__person=whole.person, marking__attempt__blueprint__use="exam"
        )
        exam, points = marks[0].marking.attempt, sum(mark.points for mark in marks)
        [line] = [dict(line) for line in found["assessments.Mark"] if "examination" in dict(line)]
        assert (line["examination"], line["points"]) == (str(exam.blueprint), floatformat(points, -2))


def test_paper_survives_what_no_font_draws(officer):
    ask_correction(person=officer, about="other", text="𓀀 \x07 <b>&\u202e 中文", by=officer)
    with translation.override("az"):
        assert archive.make(officer)


def test_what_is_for_the_eye_holds_no_codes_and_nothing_empty(whole):
    with translation.override("en"):
        export = collect(whole.person)
    said = [text for section in export.sections.values() for line in section.lines for _label, text in line]
    assert "None" not in said and "" not in said
    acts = dict(export.sections["operations.AuditEntry"].lines[0])
    assert acts["act"] == "Person added"
    lines = export.sections["rosters.RosterLine"].lines
    assert "Family name: Zərqələmova" in dict(lines[0])["what it says"]
    assert [text for text in said for code in ("service_number", "family_name") if code in text] == []
    fields = {dict(line)["field"] for line in export.sections["operations.AuditValue"].lines}
    assert {"service number", "reason", "family name"} <= fields
    asked = [dict(line)["about"] for line in export.sections["privacy.CorrectionRequest"].lines]
    assert asked == ["my name", "something else"]
