"""Letters of certificates. Subjects name no person, qualification or reason."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from locales.dates import day_text, end_text, instant_text
from operations import clock
from operations.codes import grouped
from operations.models import Notice, Proposal
from operations.notices import register_notice
from people.mail import link_to, name_for_reader, to_page, to_subject
from people.models import Agency, Grant, User
from people.permissions.holding import holds
from standards.actions_rules import first_day_of

from . import chains, law_changes, law_telling
from .expiry import ending_in
from .models import Certificate, CertificateEvent, LawChange, Qualification
from .recognition import RECOGNISE
from .renewing import opening_days, suspended_until
from .state import State, state_at

PAGES = {
    RECOGNISE: "certificates:recognition",
    law_changes.END_OLDER: "certificates:end_proposal",
    law_changes.KEEP_OLDER: "certificates:end_proposal",
}
MINE = to_page("certificates:mine")
MOST_LINES = 100  # of a letter to a coordinator; the rest is counted


def _to_person(notice: Notice) -> dict[str, Any]:
    event = CertificateEvent.objects.select_related("certificate__award__person__merged_into")
    person = event.get(public_id=notice.subject_id).certificate.award.person.surviving
    return {"link": link_to("people:person", person.public_id)}


def _of_yours(notice: Notice) -> dict[str, Any]:
    """Return of how many certificates one decision is."""
    return {"certificates": int(notice.threshold or 1), **MINE(notice)}


def _to_proposal(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    return {"link": link_to(PAGES.get(proposal.act, "certificates:proposal"), proposal.public_id)}


def _corrections(notice: Notice) -> dict[str, Any]:
    """Return how many were proposed in one act, and where they are read."""
    number = int(notice.threshold or 1)
    one = link_to("certificates:correction", notice.subject_id)
    return {
        "proposals": number,
        "link": one if number == 1 else f"{link_to('certificates:proposals')}?act=correct",
    }


def _rules_end(notice: Notice) -> dict[str, Any]:
    """Return which of the reader's certificates end and when; `over`: none of them does any more."""
    change = _change_of(notice)
    own = law_changes.concerned(law_changes.of_change(change)).filter(whose=notice.person_id)
    held = Certificate.objects.held_by(notice.person_id).finished().with_all()
    same = held.of_qualification(change.qualification.code)
    suspended = max(suspended_until(same, clock.now()).values(), default=None)
    return {
        **_of_change(notice),
        "over": not own.exists() or hasattr(change, "withdrawal"),
        "numbers": ", ".join(
            grouped(code) for code in own.order_by("pk").values_list("short_code", flat=True)
        ),
        "link": link_to("home"),
        **_suspension(suspended, before=change.ends_at),
    }


def _suspension(until: datetime | None, *, before: datetime) -> dict[str, Any]:
    """Return the last day of a suspension, in words, and whether time to renew is left then."""
    return {
        "suspended_until": end_text(until) if until else "",
        "renewed_after": until is not None and until < before,
    }


def _rules_end_in_agency(notice: Notice) -> dict[str, Any]:
    """Return how many people it concerns in each agency of which the reader is coordinator."""
    older = law_changes.of_change(_change_of(notice))
    reader = notice.person
    numbers = law_changes.by_agency(older)[1] if isinstance(reader, User) else []
    return {
        **_of_change(notice),
        "ended": notice.threshold == law_telling.APPLIED,
        "lines": [
            {"name": each.agency.name, "number": each.number}
            for each in numbers
            if each.agency and holds(reader, Grant.Position.COORDINATOR, agency=each.agency)
        ],
        "link": link_to("people:list"),
    }


def _of_change(notice: Notice) -> dict[str, Any]:
    change = _change_of(notice)
    return {
        "code": change.qualification.code,
        "day": day_text(clock.last_day(change.ends_at)),
        "link": link_to("home"),
    }


def _change_of(notice: Notice) -> LawChange:
    changes = LawChange.objects.select_related("qualification", "version", "proposal")
    return changes.get(public_id=notice.subject_id)


def _of_rules(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    qualification = Qualification.objects.get(public_id=proposal.subject_id)
    return {
        "code": qualification.code,
        "day": day_text(first_day_of(proposal)),
        "until": instant_text(proposal.expires_at),
        "link": link_to("certificates:qualification", qualification.public_id),
    }


def _ends(notice: Notice) -> dict[str, Any]:
    """Return what ends and when; `over`: it was renewed, or taken away, since the letter was promised."""
    certificate = Certificate.objects.with_all().get(public_id=notice.subject_id)
    qualification = certificate.qualification_version.qualification
    now = clock.now()
    held = list(Certificate.objects.held_by(certificate.award.person.surviving).finished().with_all())
    end = chains.ends(held, now).get(certificate.pk)
    opens_on = opening_days(held, now).get(certificate.pk)
    suspended = suspended_until(held, now).get(chains.whose(certificate))
    stands = end is not None or state_at(certificate, now).state is State.SUSPENDED
    last = end or certificate.valid_to
    return {
        "over": not stands or last > certificate.valid_to,
        "qualification": str(qualification),
        "number": grouped(certificate.short_code),
        "day": day_text(clock.last_day(last)),
        **_suspension(suspended, before=last),
        "opens": day_text(opens_on) if opens_on and opens_on > clock.today() else "",
        "link": link_to("home"),
    }


def _ending_in_agency(notice: Notice) -> dict[str, Any]:
    """Return who is meant, as it stands when the letter is written, while the reader is coordinator there."""
    agency = Agency.objects.get(public_id=notice.subject_id)
    reader = notice.person
    found = (
        ending_in(agency, clock.now())
        if isinstance(reader, User) and holds(reader, Grant.Position.COORDINATOR, agency=agency)
        else []
    )
    lines = [
        {
            "name": name_for_reader(each.award.person.surviving, notice),
            "code": each.qualification_version.qualification.code,
            "day": day_text(clock.last_day(state_at(each).until or each.valid_to)),
        }
        for each in found[:MOST_LINES]
    ]
    return {
        "agency": agency.name,
        "lines": lines,
        "more": len(found) - len(lines),
        "link": link_to("people:list"),
    }


OF_YOURS, WAITS = _("A notice about a certificate of yours"), _("Something waits for your decision")
for _kind, _subject, _context in (
    ("issued", _("Your certificate is ready"), MINE),
    ("revoked", OF_YOURS, _of_yours),
    ("suspended", OF_YOURS, MINE),
    ("reinstated", OF_YOURS, _of_yours),
    ("voided", OF_YOURS, _of_yours),
    ("ended", OF_YOURS, _of_yours),
    ("readmitted", _("A notice about your training"), MINE),
    ("appeal_decided", _("Your appeal was decided"), MINE),
    ("ends", _("Your certificate ends soon"), _ends),
    ("changed", _("A notice about somebody in your agency"), _to_person),
    ("ending_in_agency", _("Certificates that end within 90 days"), _ending_in_agency),
    ("waits", WAITS, _to_proposal),
    ("corrected", OF_YOURS, MINE),
    ("correction_waits", WAITS, _corrections),
    ("correction_declined", _("An answer to what you proposed"), to_subject("certificates:correction")),
    ("rules_end", _("A certificate of yours ends unless you renew it"), _rules_end),
    (
        "rules_end_in_agency",
        _("Certificates in your agency end unless they are renewed"),
        _rules_end_in_agency,
    ),
    ("rules_end_withdrawn", _("Certificates do not end after all"), _of_change),
    ("complaint", WAITS, to_subject("certificates:complaint")),
    ("appeal", WAITS, to_subject("certificates:appeal")),
    ("in_doubt", _("A certificate waits for your decision"), to_page("certificates:doubts")),
    ("rules_proposed", _("Rules of a qualification are proposed"), _of_rules),
    ("rules_changed", _("Rules of a qualification have changed"), _of_rules),
):
    register_notice(
        f"certificates.{_kind}",
        subject=_subject,
        context=_context,
        may_wait=_kind.startswith("correction_"),
    )
