"""A holder's own rights: what of certificates is given out, what is erased and what stays."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from operations import clock, files
from operations.codes import grouped
from people.models import User
from privacy.erasing_people import ACTS, HISTORY
from privacy.erasure import Erasure, ErasureStage, NotYet
from privacy.export import BY_OFFICE, DAYS, Export

from . import documents
from .models import (
    Award,
    AwardInDoubt,
    Certificate,
    CertificateBearer,
    CertificateCheck,
    CertificateDocument,
    CertificateEvent,
    Complaint,
    EventAppeal,
    NameCorrection,
    QualificationInForce,
    QualificationVersion,
    Readmission,
)
from .proving import SUFFIX
from .recording import record_event
from .signals import certificate_changed

RECORDED: Any = {"recorded_at": _("entered on")}
DECIDED_BY_OFFICE: Any = {"decided_by": BY_OFFICE}


def export_rows(export: Export) -> None:
    mine: Any = {"certificate__award__person__in": export.people}
    certificates = Certificate.objects.filter(award__person__in=export.people).order_by("pk")
    doubts = AwardInDoubt.objects.filter(award__person__in=export.people).order_by("pk")
    shown: Any = {
        "why": _("why"), "raised_at": _("when"), "outcome": _("outcome"), "reason": _("reason"),
        "decided_at": _("decided on"),
    }  # fmt: skip
    export.rows(doubts, _("Whether what you earned stays"), shown, without=DECIDED_BY_OFFICE)
    shown = {
        "short_code": _("certificate number"), "valid_from": _("from"), "valid_to": _("until"),
        "edition": _("edition"), "issued_at": _("issued on"),
    }  # fmt: skip
    awards = Award.objects.filter(person__in=export.people).order_by("pk")
    export.rows(awards, _("What you earned"), {"awarded_at": _("when")})
    export.rows(certificates, _("Your certificates"), shown, say={**DAYS, "short_code": grouped})
    shown = {"names": _("names"), "agency": _("agency")}
    bearers = CertificateBearer.objects.filter(**mine).order_by("pk")
    export.rows(bearers, _("Who they name"), shown, say={"names": _in_scripts, "agency": _in_language})
    made = CertificateDocument.objects.filter(**mine).order_by("pk")
    export.rows(
        made,
        _("Their files"),
        {"layout": _("languages"), "generation": _("version"), "made_at": _("made on")},
    )
    for document in made.select_related("certificate").exclude(sha256=None):
        code, generation = grouped(document.certificate.short_code), document.generation
        name = f"certificates/{code}-{document.layout}-{generation}.pdf"
        export.file(name, _reader(document))
    events = CertificateEvent.objects.filter(**mine).order_by("pk")
    shown = {"kind": _("what"), "reason": _("reason"), "effective_at": _("when"), "until": _("until")}
    export.rows(events, _("What happened to them"), shown, without={"by": BY_OFFICE})
    _decided(export)
    _acts(export)


def _decided(export: Export) -> None:
    """Readmissions, complaints about the person once they are decided, and appeals of theirs."""
    readmissions = Readmission.objects.filter(person__in=export.people).order_by("pk")
    shown: Any = {"reason": _("reason"), "opens_at": _("from"), **RECORDED}
    export.rows(readmissions, _("Qualifications you may earn again"), shown)
    corrections = NameCorrection.objects.filter(person__in=export.people).order_by("pk")
    export.rows(corrections, _("Names proposed for you"), {"names": _("names")}, say={"names": _proposed})
    complaints = Complaint.objects.filter(
        certificate__award__person__in=export.people, decided_at__isnull=False
    ).order_by("pk")
    shown = {"category": _("what about"), **RECORDED, "outcome": _("outcome"), "decided_at": _("decided on")}
    withheld = {"recorded_by": BY_OFFICE, **DECIDED_BY_OFFICE}
    export.rows(complaints, _("Complaints about you"), shown, without=withheld)
    appeals = EventAppeal.objects.filter(event__certificate__award__person__in=export.people).order_by("pk")
    shown = {
        "category": _("what about"), "text": _("in your words"), "made_at": _("when"), "outcome": _("outcome"),
        "decided_at": _("decided on"),
    }  # fmt: skip
    export.rows(appeals, _("Your appeals about certificates"), shown, without=DECIDED_BY_OFFICE)


def _proposed(names: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{before or '–'} → {after or '–'}" for before, after in names.values())


def _in_scripts(names: Mapping[str, str]) -> str:
    return ", ".join(names.values())


def _in_language(names: Mapping[str, str]) -> str:
    return names.get(get_language() or "", "") or next(iter(names.values()), "")


def _reader(document: CertificateDocument) -> Callable[[], bytes | None]:
    def read() -> bytes | None:
        try:
            return files.read(document.sha256 or "", SUFFIX)
        except files.Damaged:
            return None

    return read


def _acts(export: Export) -> None:
    events = CertificateEvent.objects.filter(by__in=export.people)
    others = events.exclude(certificate__award__person__in=export.people).order_by("pk")
    export.rows(
        others, _("What you decided about certificates of others"),
        {"kind": _("what"), "effective_at": _("when")},
    )  # fmt: skip
    complaints = Complaint.objects.filter(Q(recorded_by__in=export.people) | Q(decided_by__in=export.people))
    shown: Any = {**RECORDED, "outcome": _("outcome"), "decided_at": _("decided on")}
    export.rows(complaints.order_by("pk"), _("Complaints you recorded or decided"), shown)
    answered = EventAppeal.objects.filter(decided_by__in=export.people).order_by("pk")
    export.rows(
        answered,
        _("Appeals of holders you decided"),
        {"outcome": _("outcome"), "decided_at": _("decided on")},
    )
    decided = AwardInDoubt.objects.filter(decided_by__in=export.people)
    export.rows(
        decided.exclude(award__person__in=export.people).order_by("pk"),
        _("Certificates you decided about after their exam was marked again"),
        {"why": _("why"), "outcome": _("outcome"), "decided_at": _("decided on")},
    )
    versions = QualificationVersion.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(versions, _("Qualifications you set"), {"number": _("version"), **RECORDED})
    in_force = QualificationInForce.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(in_force, _("Qualifications you put in force"), RECORDED)


def erase(erasure: Erasure) -> None:
    """The certificate stays, signed and without a name; the holder's own paper still verifies."""
    awards = Award.objects.filter(person__in=erasure.people)
    if erasure.stage is not ErasureStage.DRY and (
        awards.being_made().exists() or documents.being_made_for(awards)
    ):
        raise NotYet("a certificate, or a file of one, is being made")
    mine: Any = {"certificate__award__person__in": erasure.people}
    kept = CertificateDocument.objects.filter(**mine).exclude(sha256=None)
    hashes = kept.values_list("sha256", flat=True)
    erasure.files(_("Files of your certificates"), [_deleter(sha256) for sha256 in hashes if sha256])
    erasure.clear(kept, _("The fingerprint of such a file"), sha256=None)
    bearers = CertificateBearer.objects.filter(**mine).exclude(salt=None)
    erasure.perform(
        _("Your name and agency on certificates"), bearers.count(), lambda: _forget(erasure, bearers)
    )
    proposed = NameCorrection.objects.filter(person__in=erasure.people)
    erasure.clear(proposed.exclude(salt=None), _("Names that were proposed for you"), names=None, salt=None)
    erasure.keep(
        proposed, _("That another name was proposed for a person whose name was erased"), HISTORY, "person"
    )
    certificates = Certificate.objects.filter(award__person__in=erasure.people)
    text = _("Certificates of a person whose name was erased: number, qualification, dates, state")
    erasure.keep(certificates, text, HISTORY, "bearer_key")
    erasure.keep(awards, _("What a person whose name was erased earned"), HISTORY, "person")
    doubts = AwardInDoubt.objects.filter(decided_by__in=erasure.people)
    erasure.keep(doubts, _("What a person whose name was erased left in force"), ACTS, "decided_by")
    appeals = EventAppeal.objects.filter(made_by__in=erasure.people)
    erasure.clear(appeals.exclude(text=None), _("What you wrote in appeals about certificates"), text=None)
    erasure.keep(appeals, _("Appeals of a person whose name was erased"), HISTORY, "made_by")
    readmissions = Readmission.objects.filter(person__in=erasure.people)
    erasure.keep(readmissions, _("What a person whose name was erased may earn again"), HISTORY, "person")
    recorded = Complaint.objects.filter(recorded_by__in=erasure.people)
    erasure.keep(recorded, _("Complaints that a person whose name was erased recorded"), ACTS, "recorded_by")
    upheld = Complaint.objects.filter(decided_by__in=erasure.people)
    erasure.keep(upheld, _("Complaints that a person whose name was erased decided"), ACTS, "decided_by")
    answered = EventAppeal.objects.filter(decided_by__in=erasure.people)
    erasure.keep(answered, _("Appeals that a person whose name was erased decided"), ACTS, "decided_by")
    decided = CertificateEvent.objects.filter(by__in=erasure.people)
    erasure.keep(decided, _("What a person whose name was erased decided about certificates"), ACTS, "by")


def _deleter(sha256: str) -> Callable[[], None]:
    return lambda: files.delete(sha256, SUFFIX)


def _forget(erasure: Erasure, bearers: QuerySet[CertificateBearer]) -> None:
    held = list(Certificate.objects.filter(bearer__in=bearers))
    bearers.update(names=None, agency=None, salt=None, credential=None, credential_sha256=None, qr_text=None)
    erased = CertificateCheck.Outcome.ERASED
    checks = CertificateCheck.objects.filter(certificate__in=held)
    checks.update(checked_at=clock.now(), credential=erased, document=erased)
    for certificate in held:
        event = _erased(certificate, erasure.by)
        certificate_changed.send(Certificate, certificate=certificate, event=event)


def _erased(certificate: Certificate, by: User | None) -> CertificateEvent:
    kind, reason = CertificateEvent.Kind.ERASED, CertificateEvent.Reason.PERSON_ASKED
    return record_event(certificate, kind=kind, reason=reason, effective_at=clock.now(), by=by)
