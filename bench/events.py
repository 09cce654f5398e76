"""Events of certificates as a target of the storm: registrars suspend and reinstate over HTTP, again and again."""

from collections import Counter
from typing import Any

from .signed_in import registrars_and_coordinator, send, waiting_about
from .targets import Finding, findings_of_mail

CERTIFICATES = 8
DAYS = 20  # a suspension


class Events:
    """A key is "certificate:number": the event of that number. The first suspension is one registrar's, what follows
    two's: proposed by one and confirmed by the other.
    """

    settings = dying_settings = "bench.dying.settings"
    course = True
    lease = 8.0

    def __init__(self) -> None:
        self.sessions: list[str] = []
        self.attempts: list[str] = []
        self.certificates: list[str] = []

    def points(self) -> list[str]:
        from .dying.points import EVENT

        return list(EVENT)

    def prepare(self, kills: int) -> list[str]:
        """Certificates that are in force, and two registrars and a coordinator who are told by mail at once."""
        from pathlib import Path

        from django.conf import settings
        from django.db import transaction

        from assessments import actions
        from assessments.models import Attempt
        from certificates.models import Certificate
        from elearning.demo import keys
        from operations import clock, outbox

        from . import world
        from .issue import answered

        keys.make(Path(settings.KEYS_DIR), year=clock.today().year)
        place = world.make()
        for number in range(CERTIFICATES):
            with transaction.atomic():
                key, _its_session = answered(place, number)
                attempt = Attempt.objects.get(public_id=key)
                actions.close_attempt(attempt=attempt, by=attempt.person)
                self.attempts.append(key)
        outbox.work_off()
        self.certificates = list(Certificate.objects.order_by("pk").values_list("public_id", flat=True))
        self.sessions = registrars_and_coordinator(place.agency)
        each = (5 * kills + 30) // CERTIFICATES + 1
        return [f"{one}:{number}" for number in range(1, each + 1) for one in self.certificates]

    def order(self, base_url: str, key: str) -> None:
        """Ask until the event is there. Whoever saw no answer looks what came of it, and goes on from there."""
        from operations import clock

        certificate, _colon, number = key.partition(":")
        if self._events(certificate) >= int(number):
            return
        slug, form = ("reinstate", {"reason": "not-borne-out"})
        if int(number) % 2:
            day = clock.today().fromordinal(clock.today().toordinal() + DAYS)
            slug, form = "suspend", {"reason": "inquiry", "last_day": day.isoformat()}
        pages, (first, second) = "/az/certificates/register", self.sessions
        if not waiting_about(certificate):
            send(base_url, f"{pages}/{certificate}/{slug}/", {**form, "sure": "1"}, session=first)
        if proposal := waiting_about(certificate):
            send(base_url, f"{pages}/proposals/{proposal}/confirm/", {}, session=second)
        if self._events(certificate) != int(number):
            raise RuntimeError(f"{key}: {self._events(certificate)} events")

    @staticmethod
    def _events(certificate: str) -> int:
        from certificates.models import CertificateEvent

        return CertificateEvent.objects.filter(certificate__public_id=certificate).count()

    def findings(self, keys: list[str]) -> list[Finding]:
        from certificates import event_proofs, read_model
        from certificates.models import Certificate, CertificateEvent, StatusList
        from operations.models import AuditEntry, Proposal

        wanted = Counter(key.partition(":")[0] for key in keys)
        certificates = list(Certificate.objects.to_examine().filter(public_id__in=self.certificates))
        rows = read_model.events_of([each.pk for each in certificates])
        kinds = {each.public_id: [event.kind for event in rows.get(each.pk, ())] for each in certificates}
        events = list(CertificateEvent.objects.order_by("pk"))
        ids = [event.public_id for event in events]
        entries = AuditEntry.objects.filter(act__in=("certificates.suspend", "certificates.reinstate"))
        said = Counter(entries.values_list("after__event", flat=True))
        confirmed = Proposal.objects.filter(outcome="confirmed")
        whole = [each for each in certificates if kinds[each.public_id] == _in_turn(wanted[each.public_id])]
        chained = [each for each in certificates if event_proofs.hold(each.public_id, rows.get(each.pk, ()))]
        lists = StatusList.objects.all()
        return [
            Finding("events", len(keys), len(events)),
            Finding("certificates whose events follow in turn", len(certificates), len(whole)),
            Finding("certificates whose events are signed, each with the one before", len(certificates), len(chained)),
            Finding("entries in the trail, one an event", len(events), sum(said[one] == 1 for one in ids)),
            Finding("entries in the trail of no event", 0, len(said.keys() - set(ids))),
            Finding("proposals confirmed", len(keys) - len(wanted), confirmed.count()),
            Finding("events of one proposal more than once", 0, _surplus(events)),
            Finding("places in lists that no event explains", 0, sum(one.unexplained for one in lists)),
            Finding("certificates that verify, lists and events alike", len(certificates), sum(map(_holds, certificates))),
            *findings_of_mail(self._letters(events, list(confirmed))),
        ]  # fmt: skip

    def _letters(self, events: list[Any], confirmed: list[Any]) -> dict[str, list[str]]:
        """By kind, of what was ordered: the holder, the coordinator and the second registrar are told once."""
        by_kind = {
            kind: [event.public_id for event in events if event.kind == kind]
            for kind in ("suspended", "reinstated")
        }
        return {
            "assessments.passed": self.attempts,
            "certificates.issued": self.certificates,
            "certificates.suspended": by_kind["suspended"],
            "certificates.reinstated": by_kind["reinstated"],
            "certificates.changed": [event.public_id for event in events],
            "certificates.waits": [proposal.public_id for proposal in confirmed],
        }


def _in_turn(number: int) -> list[str]:
    return [("suspended", "reinstated")[place % 2] for place in range(number)]


def _surplus(events: list[Any]) -> int:
    counts = Counter(event.proposal_id for event in events if event.proposal_id is not None)
    return sum(count - 1 for count in counts.values())


def _holds(certificate: Any) -> bool:
    from certificates.checking import examine

    return examine(certificate).certificate_state is not None
