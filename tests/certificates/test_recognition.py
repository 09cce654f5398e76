"""Other training recognised by two registrars: of whom, for how long, and what every proof says of it."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from certificates import actions_acts, actions_life
from certificates import actions_recognition as actions
from certificates.actions_documents import make_document
from certificates.actions_life import READMIT, REVOKE
from certificates.criteria import criteria_of
from certificates.earning import opening
from certificates.holding import holdings_of
from certificates.models import Award, Certificate, CertificateDocument
from certificates.rules import EarningWay, in_force
from clearance import actions as clearance
from operations import clock, files
from operations.models import AuditEntry, Notice, Proposal
from operations.outbox import work_off
from operations.proposals import ProposalError
from people.models import User
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import client_of

from . import golden_words
from .issuing import make_certificate
from .pdf.conftest import text_of
from .recognising import allowed, awards_of, propose, recognise, sent

pytestmark = [pytest.mark.usefixtures("keys", "english")]
DAY = timedelta(days=1)


@pytest.fixture
def open_to_it(curriculum: tiny.Curriculum) -> tiny.Curriculum:
    """The qualification's rules allow it."""
    allowed()
    return curriculum


def page(name: str, *parts: str) -> str:
    return reverse(f"certificates:{name}", args=parts)


# --- the whole way ----------------------------------------------------------------------------------


def test_whole_way_by_pages(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User, duty_officer: User
):
    first, second, holder = map(client_of, (registrar, registrar2, officer))
    assert page("recognise") in first.get(page("register")).text
    form = first.get(page("recognise"))
    assert 'enctype="multipart/form-data"' in form.text and "C1-LAB" in form.text
    given = sent(numbers="lab-0417")
    question = flat(first.post(page("recognise"), given).text)
    for words in (
        "Məmmədova Aytən Kamran qızı, LAB-0417, labour-inspection (en)", "an international organisation", "12 months",
        "IOM/2026-118", "no exam was passed",
    ):  # fmt: skip
        assert words in question, words
    assert not Proposal.objects.exists()
    assert "Proposed." in first.post(page("recognise"), {**given, "sure": "1"}, follow=True).text
    proposal = Proposal.objects.get()
    assert (proposal.subject_id, proposal.reason_category) == (officer.public_id, "same-content")
    shown = page("recognition", proposal.public_id)
    waiting = second.get(page("proposals")).text
    assert shown in waiting and "Recognition of other training: C1-LAB, Aytən Məmmədova" in waiting
    assert "1 recognition of other training to decide" in second.get("/en/").text
    assert "recognition of other training to decide" not in first.get("/en/").text
    assert "Confirm the recognition" not in first.get(shown).text
    read = flat(second.get(shown).text)
    assert "Confirm the recognition" in read and "Məmmədova Aytən Kamran qızı" in read
    assert (
        "Confirmed."
        in second.post(page("decide_recognition", proposal.public_id, "confirm"), follow=True).text
    )
    work_off()
    certificate = Certificate.objects.get()
    assert certificate.award.cause == f"proposal:{proposal.public_id}"
    first_day = clock.today()
    assert certificate.award.days == (first_day, clock.add_months(first_day, 12) - DAY)
    public = flat(Client().get(f"/c/{certificate.public_id}?lang=en").text)
    assert "This certificate is valid" in public
    assert "No examination was passed for this certificate." in public
    assert "of the course" not in public and "IOM/2026-118" not in public
    register = flat(second.get(page("one", certificate.public_id)).text)
    assert "IOM/2026-118" in register and "No exam was passed." in register
    assert "other training, recognised" in second.get(page("register")).text
    assert "other training, recognised" in second.post(page("export")).text
    assert "no exam was passed" in flat(holder.get("/en/certificates/").text)
    decision = clearance.decide(
        function=open_to_it.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    assert (decision.answer, decision.evidence["relied_on"]) == ("cleared", [certificate.public_id])


def test_page_of_a_certificate_leads_to_the_form_of_its_holder(
    open_to_it: tiny.Curriculum, officer: User, registrar: User
):
    certificate = make_certificate(officer, months=1)
    allowed()
    address, client = page("recognise_one", officer.public_id), client_of(registrar)
    assert address in client.get(page("one", certificate.public_id)).text
    form = client.get(address)
    assert "Məmmədova Aytən Kamran qızı" in form.text and 'name="numbers"' not in form.text
    client.post(address, {**sent(), "sure": "1"})
    assert Proposal.objects.get().subject_id == officer.public_id
    assert client.get(page("recognise_one", "x" * 22)).status_code == 404


@pytest.mark.parametrize("who", ["admin", "auditor", "coordinator", "duty_officer", "officer2", "outsider"])
def test_nobody_else_proposes_or_decides(
    who: str, request: pytest.FixtureRequest, open_to_it: tiny.Curriculum, officer: User, registrar: User
):
    by = request.getfixturevalue(who)
    proposal = propose(officer, by=registrar)
    for act in (actions.confirm_recognition, actions.decline_recognition):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)
    with pytest.raises(ProposalError):
        actions.withdraw_recognition(proposal=proposal, by=by)
    with pytest.raises(PermissionDenied):
        propose(officer, by=by)
    client = client_of(by)
    assert client.get(page("recognise")).status_code == 403
    reads = client.get(page("recognition", proposal.public_id)).status_code
    assert reads == (200 if who == "auditor" else 403)
    assert not Award.objects.exists()


def test_three_people_also_under_merged_records(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    for person in (registrar, registrar2):
        with pytest.raises(PermissionDenied):
            propose(person, by=registrar2) if person == registrar2 else propose(registrar, by=registrar)
    proposal = propose(registrar2, by=registrar)
    with pytest.raises(PermissionDenied):
        actions.confirm_recognition(proposal=proposal, by=registrar2)
    with pytest.raises(PermissionDenied):
        actions.confirm_recognition(proposal=proposal, by=registrar)
    other = factories.make_person()
    before = propose(other, by=registrar)
    factories.merged(other, into=registrar2)
    with pytest.raises(PermissionDenied):
        actions.confirm_recognition(proposal=Proposal.objects.get(pk=before.pk), by=registrar2)
    assert not Award.objects.exists()


def test_declined_and_withdrawn_recognise_nothing(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    first, second = client_of(registrar), client_of(registrar2)
    declined = propose(officer, by=registrar)
    second.post(page("decide_recognition", declined.public_id, "decline"), {"sure": "1"})
    withdrawn = propose(officer, by=registrar)
    first.post(page("decide_recognition", withdrawn.public_id, "withdraw"))
    declined.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (declined.outcome, withdrawn.outcome) == ("declined", "withdrawn")
    for proposal in (declined, withdrawn):
        with pytest.raises(ProposalError):
            actions.confirm_recognition(proposal=proposal, by=registrar2)
    assert not Award.objects.exists()
    assert first.post(page("decide_recognition", declined.public_id, "nonsense")).status_code == 404


def test_what_is_kept_and_who_is_told(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    recognise(officer, first=registrar, second=registrar2)
    told = Notice.objects.values_list("kind", "person")
    assert ("certificates.waits", registrar2.pk) in told and ("certificates.issued", officer.pk) in told
    assert ("certificates.waits", registrar.pk) not in told
    entries = AuditEntry.objects.filter(subject_id=officer.public_id, act__startswith="certificates.")
    assert [(each.act, each.by) for each in entries.order_by("pk")] == [
        ("certificates.propose_recognition", registrar), ("certificates.recognise", registrar2),
    ]  # fmt: skip
    own = flat(client_of(officer).get(reverse("audit:my_trail")).text)
    assert "Other training recognised" in own and "it teaches what the exam asks" in own


@pytest.mark.parametrize(("reason", "is_open"), [("complaint", False), ("exam-irregularity", True)])
def test_holder_of_a_revoked_one_is_told_that_the_exam_is_open_where_it_is(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User, reason: str, is_open: bool
):
    """Not where all of the qualification was taken away; where it was this certificate alone, it is earned by the exam."""
    recognise(officer, first=registrar, second=registrar2)
    holder, words = client_of(officer), "You can pass the exam at any time"
    assert words in holder.get("/en/certificates/").text
    certificate = Certificate.objects.get(award__person=officer)
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason=reason, by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    for address in ("/en/certificates/", f"/en/certificates/{certificate.public_id}/"):
        page = holder.get(address).text
        assert ("no exam was passed for this certificate" in page, words in page) == (True, is_open)


def test_holder_of_a_suspended_one_is_told_that_the_exam_is_open_when_it_is_again(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    recognise(officer, first=registrar, second=registrar2)
    certificate = Certificate.objects.get(award__person=officer)
    actions_life.suspend(certificate=certificate, reason="inquiry", last_day=clock.today(), by=registrar)
    words = "You can pass the exam at any time"
    assert words not in client_of(officer).get("/en/certificates/").text
    with clock.at(clock.end_of(clock.today())):
        assert words in client_of(officer).get("/en/certificates/").text


# --- refused in words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"months": "13"}, "At most 12."),
        ({"months": "0"}, "At least 1."),
        ({"day": "31.12.2030"}, "The training has not ended yet."),
        ({"day": "01.12.0202"}, "This day is too long ago"),
        ({"reference": "Aytən Məmmədova"}, "Letters, digits, hyphens"),
        ({"reference": "x" * 41}, "at most 40"),
        ({"kind": "rumour"}, "valid choice"),
        ({"giver": ""}, "Choose who gave it."),
        ({"reason": "whim"}, "valid choice"),
        ({"qualification": "C7"}, "valid choice"),
        ({"numbers": ""}, "Enter at least one service number"),
        ({"numbers": "LAB-9999"}, "Nobody serves under the number LAB-9999"),
    ],
)
def test_form_says_what_is_wrong_and_loses_nothing(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, wanted: dict[str, str], words: str
):
    given = sent(numbers="LAB-0417") | {"reference": "A-77"} | wanted
    answer = client_of(registrar).post(page("recognise"), {**given, "sure": "1"})
    assert words in answer.text
    assert f'value="{given["reference"]}"' in answer.text
    assert not Proposal.objects.exists()


def test_only_where_the_rules_allow_it_and_no_longer_than_they_hold(
    curriculum: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    with pytest.raises(ValidationError, match="do not allow it"):
        propose(officer, by=registrar)
    assert "C1-LAB" not in client_of(registrar).get(page("recognise")).text
    allowed(months=6, renewal_opens_days=30)
    with pytest.raises(ValidationError, match="At most 6 months"):
        propose(officer, by=registrar)
    proposal = propose(officer, by=registrar, months=6)
    allowed(recognition=False)
    with pytest.raises(ValidationError, match="do not allow it"):
        actions.confirm_recognition(proposal=proposal, by=registrar2)
    assert not Award.objects.exists()


def test_who_holds_a_longer_one_is_refused_and_a_shorter_one_is_not(
    open_to_it: tiny.Curriculum, officer: User, officer2: User, registrar: User, registrar2: User
):
    make_certificate(officer)
    allowed()
    until = clock.add_months(clock.today(), 24) - DAY
    with pytest.raises(ValidationError, match=f"lasts as long or longer, until {until.day} "):
        propose(officer, by=registrar)
    make_certificate(officer2, months=6)
    allowed()
    recognise(officer2, first=registrar, second=registrar2)
    assert Certificate.objects.held_by(officer2).count() == 2


def test_what_comes_between_stops_the_confirmation(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    proposal = propose(officer, by=registrar)
    make_certificate(officer)
    allowed()
    with pytest.raises(ValidationError, match="lasts as long or longer"):
        actions.confirm_recognition(proposal=proposal, by=registrar2)
    proposal.refresh_from_db()
    assert proposal.outcome is None
    answer = client_of(registrar2).post(
        page("decide_recognition", proposal.public_id, "confirm"), follow=True
    )
    assert "lasts as long or longer" in answer.text


def test_barred_until_readmitted_and_suspended_not_at_all(
    open_to_it: tiny.Curriculum, officer: User, officer2: User, registrar: User, registrar2: User
):
    revoked, suspended = make_certificate(officer), make_certificate(officer2, months=1)
    allowed()
    proposal = actions_acts.propose(act=REVOKE, certificate=revoked, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    actions_life.suspend(certificate=suspended, reason="inquiry", last_day=clock.today(), by=registrar)
    with pytest.raises(ValidationError, match="two registrars readmit first"):
        propose(officer, by=registrar)
    with pytest.raises(ValidationError, match="suspended"):
        propose(officer2, by=registrar)
    first_day = clock.today() + 3 * DAY
    proposal = actions_acts.propose(
        act=READMIT, certificate=revoked, reason="time-passed", first_day=first_day, by=registrar
    )
    actions_acts.confirm(proposal=proposal, by=registrar2)
    with pytest.raises(ValidationError, match="two registrars readmit first"):
        propose(officer, by=registrar)
    just_before = clock.start_of(first_day) - timedelta(microseconds=1)
    with clock.at(just_before), pytest.raises(ValidationError, match="two registrars readmit first"):
        propose(officer, by=registrar)
    with clock.at(clock.start_of(first_day)):
        assert propose(officer, by=registrar).open


def test_same_training_is_not_recognised_again_but_a_later_one_is(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    recognise(officer, first=registrar, second=registrar2)
    with clock.at(clock.now() + timedelta(days=370)):
        day = clock.today() - timedelta(days=400)
        with pytest.raises(ValidationError, match="recognised before"):
            propose(officer, by=registrar, day=day)
        assert propose(officer, by=registrar, day=clock.today() - DAY).open


def test_one_proposal_for_a_person_waits(open_to_it: tiny.Curriculum, officer: User, registrar: User):
    propose(officer, by=registrar)
    with pytest.raises(ValidationError, match="already waiting"):
        propose(officer, by=registrar)


def test_exam_stays_open_and_earns_as_for_the_first_time(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    recognise(officer, first=registrar, second=registrar2)
    with clock.at(clock.now() + 10 * DAY):
        [rules] = in_force(clock.now(), ["C1-LAB"])
        opened = opening(rules.rules, holdings_of(officer.pk, clock.now())["C1-LAB"], clock.now())
        assert opened is not None and (opened.way, opened.end) == (EarningWay.FIRST, None)
        tiny.sit_exam(open_to_it, officer)
        work_off()
        earned = Certificate.objects.latest("pk")
        assert earned.award.evidence["way"] == "first" and earned.award.days[0] == clock.today()
        assert client_of(officer).get("/en/certificates/").text.count("Renewal from") == 1


# --- guards and proofs ------------------------------------------------------------------------------


def test_database_refuses_an_award_whose_proposal_nobody_confirmed(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User
):
    proposal = propose(officer, by=registrar)
    version = open_to_it.qualification.versions.latest("number")

    def award(cause: str) -> Award:
        return Award.objects.create(
            person=officer, qualification_version=version, cause=cause, evidence={}, awarded_at=clock.now()
        )

    otherwise = factories.confirmed(READMIT, officer.public_id)
    for decided in (proposal.public_id, "", f"{'x' * 22}:3", otherwise.public_id):
        cause = f"proposal:{decided}"
        with pytest.raises(IntegrityError), transaction.atomic():
            award(cause)
    code, others = open_to_it.qualification.code, factories.make_person()
    for about in (
        factories.confirmed("certificates.recognise", others.public_id, qualification=code),
        factories.confirmed("certificates.recognise", officer.public_id, qualification="C9-LAB"),
        factories.confirmed(
            "certificates.recognise", open_to_it.qualification.public_id, qualification=code,
            people=others.public_id,
        ),
        factories.confirmed("certificates.correct", officer.public_id),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="award_confirmed"), transaction.atomic():
            award(f"proposal:{about.public_id}")
    actions.confirm_recognition(proposal=proposal, by=registrar2)
    with pytest.raises(IntegrityError), transaction.atomic():
        award(f"proposal:{proposal.public_id}")  # one cause, one award
    assert len(awards_of(proposal)) == 1


def test_words_of_credential_and_document_are_those_of_the_golden_file():
    assert golden_words.made() == json.loads(golden_words.FILE.read_text(encoding="utf-8"))


@pytest.mark.printed
@pytest.mark.parametrize(
    ("language", "layout", "words"),
    [
        ("az", "az", "imtahan vermədən sertifikat almışdır"),
        ("en", "az-en", "has had other training recognised, without an examination"),
        ("ru", "ru", "признание другого обучения без сдачи экзамена"),
    ],
)
def test_every_proof_of_a_recognised_certificate_says_so(
    open_to_it: tiny.Curriculum, officer: User, registrar: User, registrar2: User, language: str, layout: str, words: str,
):  # fmt: skip
    recognise(officer, first=registrar, second=registrar2)
    certificate = Certificate.objects.select_related("bearer", "award").get()
    said = criteria_of(certificate.award.evidence)[language]
    credential = certificate.bearer.credential or {}
    in_badge = said in credential["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert in_badge or language == "ru"  # a badge holds one text: Azerbaijani and English
    assert said in json.dumps(certificate.statement, ensure_ascii=False)
    make_document(certificate=certificate, layout=CertificateDocument.Layout(layout), by=officer)
    work_off()
    document = certificate.documents.get(layout=layout)
    assert words in flat(text_of(files.read(document.sha256 or "", ".pdf")))
    public = flat(Client().get(f"/c/{certificate.public_id}?lang={language}").text)
    assert said in public


def test_register_asks_as_much_for_three_as_for_one(
    open_to_it: tiny.Curriculum, officer: User, officer2: User, registrar: User, registrar2: User
):
    client = client_of(registrar)

    def queries() -> int:
        with factories.counted() as found:
            assert client.get(page("register")).status_code == 200
        return len(found)

    recognise(officer, first=registrar, second=registrar2)
    one = queries()
    recognise(officer2, first=registrar, second=registrar2)
    recognise(factories.make_person(), first=registrar, second=registrar2)
    assert queries() == one


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(
    language: str,
    open_to_it: tiny.Curriculum,
    officer: User,
    officer2: User,
    registrar: User,
    registrar2: User,
):
    waiting = propose(officer, officer2, by=registrar)
    client = client_of(registrar2)
    with translation.override(language):
        for address in (
            page("recognise"), page("recognise_one", officer.public_id), page("recognition", waiting.public_id),
            page("proposals"), page("qualifications"),
        ):  # fmt: skip
            assert client.get(address).status_code == 200
