"""Permission to see and change certificates."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Marking
from operations.models import Proposal
from people.models import Grant, Posting, User
from people.permissions import Anyone, Reach, confirmable, declinable, may, register_permission, where_may

from .models import Award, AwardInDoubt, Certificate, CertificateEvent, Complaint, EventAppeal

Position = Grant.Position
REGISTER, EXPORT, DOCUMENTS, SUSPEND, COMPLAIN, UPHOLD, ANSWER, STAY = (
    f"certificates.{act}"
    for act in (
        "see_register",
        "export_register",
        "take_documents",
        "suspend",
        "record_complaint",
        "decide_complaint",
        "decide_appeal",
        "leave_in_force",
    )
)
PROPOSE_CORRECTION, DECIDE_CORRECTION = (f"certificates.{act}_correction" for act in ("propose", "decide"))
PROPOSE_RECOGNITION, DECIDE_RECOGNITION = (f"certificates.{act}_recognition" for act in ("propose", "decide"))
PROPOSE_END, CONFIRM_END = (f"certificates.{act}_end_of_older" for act in ("propose", "confirm"))
SEE_RULES = "certificates.see_qualifications"
PROPOSE_RULES, CONFIRM_RULES = "certificates.propose_rules", "certificates.confirm_rules"
_RULE_OWNER = {Position.RULE_OWNER.value: Reach.EVERYWHERE}
_READERS = {Position.REGISTRAR.value: Reach.EVERYWHERE, Position.AUDITOR.value: Reach.EVERYWHERE}
_REGISTRAR = {Position.REGISTRAR.value: Reach.EVERYWHERE}

DOUBT_OF_OTHERS = _(
    "Only a registrar may decide this, but not about their own certificate. A registrar who changed the "
    "marks of its exam or annulled it may not decide either."
)

register_permission(REGISTER, _("See the register of certificates, with names"), _READERS)
register_permission(EXPORT, _("Download the register of certificates"), _READERS)
register_permission(
    DOCUMENTS,
    _("Get the files of a certificate in each language, for its holder"),
    _REGISTRAR,
    note=_("The audit trail records each download."),
)
register_permission(
    SUSPEND,
    _("Suspend a certificate for at most 30 days"),
    _REGISTRAR,
    note=_("Not a certificate of one's own. Two registrars are needed for longer, or again within 90 days."),
)
ONLY_HOLDER_OR_REGISTRAR = _("The files of a certificate are for its holder and for registrars.")
NOT_ONES_OWN = _("Only a registrar may do this, and not about their own certificate.")
ONLY_DECLINED = _("The person who proposed this may not propose it any more: it can only be declined.")
THREE_PEOPLE = _("The proposer, the confirmer and the holder must be three different people.")
NOT_OF_ONESELF = _(
    "Only a registrar, or a coordinator of the person's agency, may propose this, and nobody about "
    "themselves."
)
# Acts of two registrars, by their noun: what is proposed, and what is confirmed or declined.
OF_TWO = {
    "revocation": (_("Propose to revoke a certificate"), _("Confirm or decline a revocation")),
    "suspension": (_("Propose to suspend a certificate for longer"), _("Confirm or decline a suspension")),
    "reinstatement": (_("Propose to reinstate a certificate"), _("Confirm or decline a reinstatement")),
    "voiding": (
        _("Propose to declare a certificate void from the start"),
        _("Confirm or decline that a certificate is void"),
    ),
    "readmission": (
        _("Propose that somebody may earn a qualification again"),
        _("Confirm or decline that somebody may earn a qualification again"),
    ),
}
for _noun, (_proposes, _decides) in OF_TWO.items():
    register_permission(
        f"certificates.propose_{_noun}", _proposes, _REGISTRAR, note=_("Not a certificate of one's own.")
    )
    register_permission(f"certificates.decide_{_noun}", _decides, _REGISTRAR, note=THREE_PEOPLE)
register_permission(
    PROPOSE_CORRECTION,
    _("Propose to correct name or agency on certificates"),
    {
        Position.COORDINATOR.value: Reach.AGENCY,
        Position.ADMINISTRATOR.value: Reach.EVERYWHERE,
        **_REGISTRAR,
    },
    note=_(
        "Not on one's own certificate. A coordinator: only of people who serve in the agency, or "
        "served there last."
    ),
)
register_permission(
    DECIDE_CORRECTION,
    _("Confirm or decline a correction of name or agency"),
    _REGISTRAR,
    note=THREE_PEOPLE,
)
register_permission(
    PROPOSE_RECOGNITION,
    _("Propose to recognise other training, of one person or of a list"),
    _REGISTRAR,
    note=_("Not one's own."),
)
register_permission(
    DECIDE_RECOGNITION,
    _("Confirm or decline that other training is recognised"),
    _REGISTRAR,
    note=_("Not one's own, nor what one has proposed."),
)
register_permission(
    COMPLAIN,
    _("Record a complaint about a holder"),
    _REGISTRAR,
    note=_("Not a certificate of one's own."),
)
register_permission(
    UPHOLD,
    _("Uphold or dismiss a complaint"),
    _REGISTRAR,
    note=_(
        "Not the person who recorded it, and not about one's own certificate. If it is upheld, a "
        "revocation is proposed."
    ),
)
register_permission(
    ANSWER,
    _("Decide the appeal of a holder"),
    _REGISTRAR,
    note=_(
        "Nobody who had a part in the decision appealed against. If the appeal is upheld, the "
        "reinstatement is proposed."
    ),
)
register_permission(
    STAY,
    _("Decide that a certificate stays although its exam counts no longer as passed"),
    _REGISTRAR,
    note=_(
        "Not one's own certificate. Not a certificate whose marks one changed, or whose exam one annulled, "
        "as an assessor. Two people always decide about a revocation."
    ),
)
register_permission(
    SEE_RULES,
    _("See what earns and renews each qualification, now, before and later"),
    {
        **_RULE_OWNER,
        **_READERS,
        Position.NATIONAL_COORDINATOR.value: Reach.EVERYWHERE,
        Position.ADMINISTRATOR.value: Reach.EVERYWHERE,
    },
)
register_permission(
    PROPOSE_RULES, _("Propose what earns and renews a qualification, and from when"), _RULE_OWNER
)
NOT_AMONG_THEM = _("You hold one of these certificates yourself: somebody else decides about them.")
PROPOSER_AND_CONFIRMER = _(
    "A rule owner proposes it and a registrar confirms it; neither of them may hold such a certificate."
)
register_permission(
    PROPOSE_END,
    _("Propose that certificates under older rules end on a day, or that they stay"),
    _RULE_OWNER,
    note=NOT_AMONG_THEM,
)
register_permission(
    CONFIRM_END,
    _("Confirm or decline that certificates under older rules end on a day, or that they stay"),
    _REGISTRAR,
    note=NOT_AMONG_THEM,
)
register_permission(
    CONFIRM_RULES,
    _("Confirm or decline proposed rules of a qualification"),
    _RULE_OWNER,
    note=_("Not the person who proposed it."),
)


def is_holder(user: Anyone, certificate: Certificate) -> bool:
    """Also of one that was earned under a record that was merged into this person's."""
    return isinstance(user, User) and _holds(user, certificate.award)


def _holds(user: User, award: Award) -> bool:
    return user.pk in (award.person.pk, award.person.merged_into_id)


def can_see_register(user: Anyone) -> bool:
    """Registrars and auditors: the whole register, with names."""
    return user is not None and may(user, REGISTER)


def can_take_documents(user: Anyone) -> bool:
    """Registrars: the files of every certificate, which name its holder."""
    return user is not None and may(user, DOCUMENTS)


def can_have_documents(user: Anyone, certificate: Certificate) -> bool:
    return is_holder(user, certificate) or can_take_documents(user)


def can_suspend(user: Anyone, certificate: Certificate) -> bool:
    """A registrar, not an own certificate."""
    return user is not None and may(user, SUSPEND) and not is_holder(user, certificate)


def can_propose(user: Anyone, act: str, certificate: Certificate) -> bool:
    """A registrar, not about an own certificate. `act`: the permission of the act."""
    return user is not None and may(user, act) and not is_holder(user, certificate)


def can_decide(user: Anyone, act: str, certificate: Certificate, proposal: Proposal) -> bool:
    """Proposer, confirmer and holder are three persons, whatever records they had. `act`: the permission to decide."""
    return (
        isinstance(user, User)
        and not is_holder(user, certificate)
        and declinable(user, proposal, confirm=act)
    )


def can_propose_recognition(user: Anyone, people: Collection[User]) -> bool:
    """A registrar, of others."""
    return isinstance(user, User) and may(user, PROPOSE_RECOGNITION) and not _among(user, people)


def can_confirm_recognition(user: Anyone, proposal: Proposal, people: Collection[User]) -> bool:
    """Another registrar than the proposer, who is one still; not among those whose training it is."""
    if not isinstance(user, User) or _among(user, people):
        return False
    return bool(confirmable(user, [proposal], propose=PROPOSE_RECOGNITION, confirm=DECIDE_RECOGNITION))


def can_decline_recognition(user: Anyone, proposal: Proposal, people: Collection[User]) -> bool:
    """Another registrar than the proposer, whatever became of them; not among those whose training it is."""
    if not isinstance(user, User) or _among(user, people):
        return False
    return declinable(user, proposal, confirm=DECIDE_RECOGNITION)


def recognitions_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    """Return the recognitions that `by` may confirm: those on whose list they stand are for others."""
    own = set(User.objects.records_of(by.pk).values_list("public_id", flat=True))
    found = confirmable(by, waiting, propose=PROPOSE_RECOGNITION, confirm=DECIDE_RECOGNITION)
    return [each for each in found if not own & set(each.payload["people"])]


def _among(user: User, people: Collection[User]) -> bool:
    return any(is_same(user, person) for person in people)


def is_same(user: User, other: User | None) -> bool:
    """Return whether it is the same person, also under a record that was merged into theirs."""
    return other is not None and user.pk in (other.pk, other.merged_into_id)


def can_propose_correction(user: Anyone, person: User) -> bool:
    """A registrar or administrator, or a coordinator of an agency where the person serves, will or served last; nobody
    about themselves.
    """
    return can_propose_corrections(user, [person])


def can_propose_corrections(user: Anyone, people: Collection[User]) -> bool:
    """Return whether it is so for each of these: two queries, however many."""
    if not isinstance(user, User) or any(is_same(user, each) or not each.is_current for each in people):
        return False
    where = where_may(user, PROPOSE_CORRECTION)
    if where.everywhere or not where.agencies:
        return where.everywhere
    agencies: dict[int, set[int]] = {person.pk: set() for person in people}
    for person, agency in (
        Posting.objects.open_or_coming().filter(user__in=people).values_list("user", "agency")
    ):
        agencies[person].add(agency)
    left = [person for person, found in agencies.items() if not found]
    if left:
        ended = Posting.objects.known().filter(user__in=left).order_by("valid_from")
        agencies |= {
            person: {agency} for person, agency in ended.values_list("user", "agency")
        }  # the last one
    return not any(where.agencies.isdisjoint(found) for found in agencies.values())


def can_see_correction(user: Anyone, proposal: Proposal, person: User) -> bool:
    """The proposer, those who could have proposed it, and readers of the register."""
    return isinstance(user, User) and (
        proposal.is_from(user) or may(user, REGISTER) or can_propose_correction(user, person)
    )


def can_decide_correction(user: Anyone, proposal: Proposal, person: User) -> bool:
    """Proposer, confirmer and holder are three persons, whatever records they had."""
    return (
        isinstance(user, User)
        and not is_same(user, person)
        and declinable(user, proposal, confirm=DECIDE_CORRECTION)
    )


def proposer_stays(proposal: Proposal, act: str, holder: User) -> bool:
    """Return whether who proposed it may still propose it of this holder, whose record may have been merged into theirs
    since: otherwise it can only be declined. `act`: the permission to.
    """
    proposer = proposal.proposed_by.surviving
    return may(proposer, act) and not is_same(proposer, holder)


def can_complain(user: Anyone, certificate: Certificate) -> bool:
    return user is not None and may(user, COMPLAIN) and not is_holder(user, certificate)


def can_decide_complaint(user: Anyone, complaint: Complaint) -> bool:
    """Another registrar than who recorded it, not about an own certificate."""
    return (
        isinstance(user, User)
        and may(user, UPHOLD)
        and not is_same(user, complaint.recorded_by)
        and not is_holder(user, complaint.certificate)
    )


def can_appeal(user: Anyone, event: CertificateEvent) -> bool:
    return isinstance(user, User) and is_holder(user, event.certificate)


def can_decide_appeal(user: Anyone, appeal: EventAppeal) -> bool:
    """A registrar who neither made nor proposed nor confirmed the event, and is not the holder."""
    event = appeal.event
    return (
        isinstance(user, User)
        and may(user, ANSWER)
        and not is_holder(user, event.certificate)
        and not any(is_same(user, other) for other in involved_in(event))
    )


def involved_in(event: CertificateEvent) -> list[User]:
    """Return who made, proposed or confirmed it."""
    proposal = event.proposal
    people = [event.by, *((proposal.proposed_by, proposal.decided_by) if proposal else ())]
    return [person for person in people if isinstance(person, User)]


def doubts_to_settle(by: Anyone) -> QuerySet[AwardInDoubt]:
    """Return the doubts in which `by` may leave the certificate in force: a registrar's, of others.

    Left out are those raised by a marking that `by` proposed or confirmed as an assessor.
    """
    if not isinstance(by, User) or not may(by, STAY):
        return AwardInDoubt.objects.none()
    own = User.objects.records_of(by.pk)
    marked = Marking.objects.filter(Q(made_by__in=own) | Q(proposal__proposed_by__in=own))
    return AwardInDoubt.objects.exclude(award__person__in=own).exclude(marking__in=marked.values("public_id"))


def can_leave_in_force(by: Anyone, doubt: AwardInDoubt) -> bool:
    return doubts_to_settle(by).filter(pk=doubt.pk).exists()


def can_confirm_rules(by: User, proposal: Proposal) -> bool:
    """Another person than the proposer, who is still a rule owner."""
    return bool(rules_to_confirm(by, [proposal]))


def rules_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposed rules of qualifications that `by` may confirm."""
    return confirmable(by, waiting, propose=PROPOSE_RULES, confirm=CONFIRM_RULES)
