"""Permission to see and change certificates."""

from django.utils.translation import gettext_lazy as _

from operations.models import Proposal
from people.models import Grant, User
from people.permissions import Anyone, Reach, may, register_permission

from .models import Award, Certificate

Position = Grant.Position
REGISTER, EXPORT, PROPOSE, DECIDE, STAY, QUALIFY = (
    f"certificates.{act}"
    for act in (
        "see_register",
        "export_register",
        "propose_revocation",
        "decide_revocation",
        "leave_in_force",
        "save_qualification",
    )
)
_READERS = {Position.REGISTRAR.value: Reach.EVERYWHERE, Position.AUDITOR.value: Reach.EVERYWHERE}
_REGISTRAR = {Position.REGISTRAR.value: Reach.EVERYWHERE}

register_permission(REGISTER, _("See the register of certificates, with names"), _READERS)
register_permission(EXPORT, _("Download the register of certificates"), _READERS)
register_permission(
    PROPOSE, _("Propose to revoke a certificate"), _REGISTRAR, note=_("Not a certificate of one's own.")
)
register_permission(
    DECIDE,
    _("Confirm or decline a revocation"),
    _REGISTRAR,
    note=_("The proposer, the confirmer and the holder must be three different people."),
)
register_permission(
    STAY,
    _("Decide that a certificate stays although its exam counts no longer as passed"),
    _REGISTRAR,
    note=_("Not a certificate of one's own. That it goes is decided by two, as every revocation."),
)
register_permission(
    QUALIFY, _("Say what earns a qualification"), {Position.RULE_OWNER.value: Reach.EVERYWHERE}
)


def is_holder(user: Anyone, certificate: Certificate) -> bool:
    """Also of one that was earned under a record that was merged into this person's."""
    return isinstance(user, User) and _holds(user, certificate.award)


def _holds(user: User, award: Award) -> bool:
    return user.pk in (award.person.pk, award.person.merged_into_id)


def can_see_register(user: Anyone) -> bool:
    """Registrars and auditors: the whole register, with names."""
    return user is not None and may(user, REGISTER)


def can_propose_revocation(user: Anyone, certificate: Certificate) -> bool:
    """A registrar, not about an own certificate."""
    return user is not None and may(user, PROPOSE) and not is_holder(user, certificate)


def can_decide_revocation(user: Anyone, certificate: Certificate, proposal: Proposal) -> bool:
    """Proposer, confirmer and holder are three persons, whatever records they had."""
    return (
        isinstance(user, User)
        and not proposal.is_from(user)
        and may(user, DECIDE)
        and not is_holder(user, certificate)
    )


def can_leave_in_force(user: Anyone, award: Award) -> bool:
    """A registrar, not about an own certificate."""
    return isinstance(user, User) and may(user, STAY) and not _holds(user, award)


def can_save_qualifications(user: User | None) -> bool:
    """Return whether `by` owns the rules; None is the installation itself."""
    return may(user, QUALIFY)
