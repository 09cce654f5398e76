"""Events of a person's certificates and proposals about them: parts of what everybody reads about themselves."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.entry_lines import name_of
from audit.parts import OwnLine, TrailPart, ids_of, register_part
from locales.dates import end_text
from operations.codes import grouped
from operations.models import Proposal
from operations.trail import act_text, reason_text
from people.models import User

from .models import Certificate, CertificateEvent


def _events_of(person: User) -> QuerySet[Any]:
    events = CertificateEvent.objects.filter(
        certificate__award__person__in=User.objects.records_of(person.pk)
    )
    qualification = "certificate__qualification_version__qualification"
    return events.select_related(qualification, "certificate", "by", "proposal__proposed_by").defer(
        "statement"
    )


def _events(events: Sequence[Any], person: User) -> list[OwnLine]:
    """Return lines that name no registrar: the person reads what was done, when and in which category."""
    return [_event(event, "") for event in events]


def _events_whole(events: Sequence[Any], person: User) -> list[OwnLine]:
    return [_event(event, _two(event.proposal, event.by)) for event in events]


def _event(event: CertificateEvent, who: str) -> OwnLine:
    certificate = event.certificate
    what = {
        "code": certificate.qualification_version.qualification.code,
        "what": event.get_kind_display(),
    }
    until = _("until %(day)s") % {"day": end_text(event.until)} if event.until else ""
    return OwnLine(
        at=event.recorded_at,
        what=_("Certificate %(code)s: %(what)s") % what,
        who=who or _("registrars"),
        why=str(event.get_reason_display()),
        more=", ".join(filter(None, [grouped(certificate.short_code), until])),
    )


def _two(proposal: Proposal | None, by: Any) -> str:
    """Return who proposed and who confirmed, or the one who did it alone."""
    people = [proposal.proposed_by, by] if proposal else [by]
    return " · ".join(name_of(person) for person in people if isinstance(person, User))


def _proposals_of(person: User) -> QuerySet[Any]:
    """Return also those that wait."""
    held = Certificate.objects.held_by(person).values("public_id")
    about = Q(subject_id__in=held) | Q(subject_id__in=ids_of(person))
    return Proposal.objects.filter(about, act__startswith="certificates.").select_related(
        "proposed_by", "decided_by"
    )


def _decided_of(person: User) -> QuerySet[Any]:
    """Return what was decided: what waits for a second registrar is told once it is decided."""
    return _proposals_of(person).filter(decided_at__isnull=False)


def _proposals(found: Sequence[Any], person: User) -> list[OwnLine]:
    return [_proposal(proposal, "") for proposal in found]


def _proposals_whole(found: Sequence[Any], person: User) -> list[OwnLine]:
    return [_proposal(each, _two(each, each.decided_by)) for each in found]


def _proposal(proposal: Proposal, who: str) -> OwnLine:
    outcome = proposal.get_outcome_display() or _("waits for a second person")
    return OwnLine(
        at=proposal.proposed_at,
        what=act_text(proposal.act),
        who=who or _("registrars"),
        why=reason_text(proposal.act, proposal.reason_category),
        more=str(outcome),
    )


register_part(
    TrailPart(
        code="certificates",
        title=gettext_lazy("Events of my certificates"),
        text=gettext_lazy("What happened to certificates of yours after they were issued."),
        rows=_events_of,
        order=("-recorded_at", "-pk"),
        lines=_events,
        others_title=gettext_lazy("Events of certificates"),
        whole_lines=_events_whole,
    )
)
register_part(
    TrailPart(
        code="proposals",
        title=gettext_lazy("Proposals about my certificates"),
        text=gettext_lazy("What was proposed about certificates of yours, and what became of it."),
        rows=_decided_of,
        order=("-proposed_at", "-pk"),
        lines=_proposals,
        others_title=gettext_lazy("Proposals about certificates"),
        whole_rows=_proposals_of,
        whole_lines=_proposals_whole,
    )
)
