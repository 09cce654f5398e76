"""Confirmations of two as a target of the storm: names corrected with all certificates, again and again, over HTTP."""

from collections import Counter
from typing import Any

from .signed_in import registrars_and_coordinator, send, waiting_about
from .targets import Finding, findings_of_mail

HOLDERS = 6
NAMES = ("Həsənova", "Quliyeva", "Məmmədova")  # one after the other


class Corrections:
    """A key is "person:number": the correction of that number, proposed by one registrar and confirmed by the other."""

    settings = dying_settings = "bench.dying.settings"
    course = True
    lease = 8.0

    def __init__(self) -> None:
        self.sessions: list[str] = []
        self.attempts: list[str] = []
        self.people: list[str] = []
        self.first: list[str] = []  # certificates before anything is corrected

    def points(self) -> list[str]:
        from .dying.points import CORRECTION

        return list(CORRECTION)

    def prepare(self, kills: int) -> list[str]:
        """Holders of a certificate in force, and two registrars and a coordinator who are told by mail at once."""
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
        for number in range(HOLDERS):
            with transaction.atomic():
                key, _its_session = answered(place, number)
                attempt = Attempt.objects.select_related("person").get(public_id=key)
                actions.close_attempt(attempt=attempt, by=attempt.person)
                self.attempts.append(key)
                self.people.append(attempt.person.public_id)
        outbox.work_off()
        self.first = list(Certificate.objects.order_by("pk").values_list("public_id", flat=True))
        self.sessions = registrars_and_coordinator(place.agency)
        each = (5 * kills + 30) // HOLDERS + 1
        return [f"{one}:{number}" for number in range(1, each + 1) for one in self.people]

    def order(self, base_url: str, key: str) -> None:
        """Ask until it is done. Whoever saw no answer looks what came of it, and goes on from there."""
        from people.models import User
        from people.models.person import NAME_PARTS

        public_id, _colon, number = key.partition(":")
        if len(self._certificates(public_id)) > int(number):
            return
        person, pages = User.objects.get(public_id=public_id), "/az/certificates"
        first, second = self.sessions
        if not waiting_about(public_id):
            newest = self._certificates(public_id)[-1]
            names = {part: getattr(person, part) for part in NAME_PARTS}
            names["family_name"] = NAMES[(int(number) - 1) % len(NAMES)]
            send(base_url, f"{pages}/{newest}/correct/name/", {**names, "sure": "1"}, session=first)
        if proposal := waiting_about(public_id):
            send(base_url, f"{pages}/corrections/{proposal}/confirm/", {}, session=second)
        if len(self._certificates(public_id)) != int(number) + 1:
            raise RuntimeError(f"{key}: {len(self._certificates(public_id))} certificates")

    @staticmethod
    def _certificates(person: str) -> list[str]:
        """Return those of a person in the order in which they were made."""
        from certificates.models import Certificate

        held = Certificate.objects.filter(award__person__public_id=person).order_by("pk")
        return list(held.values_list("public_id", flat=True))

    def findings(self, keys: list[str]) -> list[Finding]:
        from certificates.making import is_named
        from certificates.models import Award, Certificate, CertificateEvent, Reservation, StatusList
        from certificates.state import State, state_at
        from operations.models import AuditEntry, Proposal
        from people.models import User

        wanted = Counter(key.partition(":")[0] for key in keys)
        people = list(User.objects.filter(public_id__in=self.people))
        held = {
            person: list(Certificate.objects.to_examine().held_by(person).order_by("pk")) for person in people
        }
        every = [each for own in held.values() for each in own]
        states = {each.pk: state_at(each).state for each in every}
        events = list(CertificateEvent.objects.order_by("pk"))
        confirmed = list(Proposal.objects.filter(outcome="confirmed"))
        trail = AuditEntry.objects.filter(act="certificates.correct").values_list("after__event", flat=True)
        valid = {
            person: [each for each in own if states[each.pk] is State.VALID] for person, own in held.items()
        }
        named = [
            own for person, own in valid.items() if len(own) == 1 and is_named(person, own[0].bearer.names)
        ]
        follow = [own for own in held.values() if _each_replaces_the_one_before(own)]
        return [
            Finding("certificates", len(keys) + HOLDERS, len(every)),
            Finding("holders with one for each correction", HOLDERS, sum(len(held[p]) == wanted[p.public_id] + 1 for p in people)),
            Finding("holders with one valid certificate, of the name they have", HOLDERS, len(named)),
            Finding("holders whose certificates replace one another in turn", HOLDERS, len(follow)),
            Finding("events, one a correction", len(keys), len(events)),
            Finding("proposals confirmed", len(keys), len(confirmed)),
            Finding("entries in the trail, one an event", len(keys), len(set(trail))),
            Finding("entries in the trail of no event", 0, len(set(trail) - {each.public_id for each in events})),
            Finding("names set in the trail", len(keys), AuditEntry.objects.filter(act="people.rename_person").count()),
            Finding("awards without a certificate", 0, Award.objects.filter(certificate=None).count()),
            Finding("reservations without a certificate", 0, Reservation.objects.filter(certificate=None).count()),
            Finding("certificates whose statement, proofs and file hold", len(every), sum(map(_holds, every))),
            Finding("places in lists that no event explains", 0, sum(one.unexplained for one in StatusList.objects.all())),
            *findings_of_mail(self._letters(events, confirmed)),
        ]  # fmt: skip

    def _letters(self, events: list[Any], confirmed: list[Any]) -> dict[str, list[str]]:
        """By kind, of what was ordered: the holder, the coordinator and the second registrar are told once."""
        decided = [proposal.public_id for proposal in confirmed]
        return {
            "assessments.passed": self.attempts,
            "certificates.issued": self.first,
            "certificates.corrected": decided,
            "certificates.changed": [event.public_id for event in events],
            "certificates.correction_waits": decided,
        }


def _each_replaces_the_one_before(own: list[Any]) -> bool:
    successors = [[event.successor_id for event in each.events.all()] for each in own]
    return successors == [[each.pk] for each in own[1:]] + [[]]


def _holds(certificate: Any) -> bool:
    from certificates.checking import examine

    from .issue import _intact

    examined = examine(certificate)
    documents = list(certificate.documents.all())
    return examined.certificate_state is not None and len(documents) == 1 and all(map(_intact, documents))
