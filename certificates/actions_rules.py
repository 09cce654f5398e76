"""Rules of qualifications: set by the installation, changed by two rule owners, in force on two clocks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import canonical, clock, proposals, versions
from operations.history import RecordedQuerySet
from operations.models import Proposal
from people.models import User
from people.permissions import may
from standards.actions_rules import RuleChange

from . import sources
from .credentials.facts import FACT_LANGUAGES
from .models import (
    Qualification,
    QualificationBasis,
    QualificationInForce,
    QualificationVersion,
    WhyRulesChange,
)
from .permissions import CONFIRM_RULES, PROPOSE_RULES, can_confirm_rules
from .rules import FORMAT, EarningWay, QualificationRules, in_force

CHANGE = proposals.register_act("certificates.change_rules")
RULES = RuleChange(
    act=CHANGE, noun="rules", letters="certificates.rules", subject=Qualification, kind="qualification",
    confirm_permission=CONFIRM_RULES, can_confirm=can_confirm_rules,
)  # fmt: skip
decline_rules, withdraw_rules = RULES.decline, RULES.withdraw
MOST_SOURCES = 3  # all that is said of them stands on one page
MONTHS = range(1, 121)


@transaction.atomic
def save_qualification(
    *,
    code: str,
    names: Mapping[str, str],
    descriptions: Mapping[str, str],
    rules: Mapping[str, Any],
    by: None,
) -> Qualification:
    """The qualification as described, for the installation alone. Changed rules are a new version, in force from now
    on; those that rule owners have changed since stay theirs.

    `rules`: as QualificationVersion has them, without the name. ValidationError: rules that cannot be. Awards keep the
    version they were made under.
    """
    if by is not None:
        raise PermissionDenied(_("You may not do this."))
    written = {**rules, "name": dict(names)}
    check_shape(written)
    texts = {f"name_{language}": text for language, text in names.items()}
    texts |= {f"description_{language}": text for language, text in descriptions.items()}
    qualification, _created = Qualification.objects.update_or_create(code=code, defaults=texts)
    newest = qualification.versions.order_by("-number").first()
    if newest is None or (newest.recorded_by is None and newest.sha256 != canonical.sha256(written)):
        put_in_force(qualification, written, valid_from=clock.now(), by=by)
    return qualification


@transaction.atomic
def propose_rules(
    *, qualification: Qualification, rules: Mapping[str, Any], first_day: date, reason: str, by: User
) -> Proposal:
    """The first of two. `rules`: as QualificationVersion has them, without form and name.

    ValidationError: rules that cannot be, something that is required and that there is not, a day that is past, rules
    that hold on that day and after it anyway, a proposal that waits.
    """
    if not may(by, PROPOSE_RULES):
        raise PermissionDenied(_("You may not do this."))
    qualification = Qualification.objects.select_for_update().get(pk=qualification.pk)
    wanted = written(qualification, rules)
    _check(qualification, wanted, first_day, reason)
    return RULES.propose(qualification.public_id, {"rules": wanted}, first_day, reason, by)


def _check(qualification: Qualification, wanted: dict[str, Any], first_day: date, reason: str) -> None:
    _check_sources(qualification, check_shape(wanted))
    if wanted["basis"] not in QualificationBasis.values:
        raise ValidationError(_("Choose a basis."))
    if wanted["legal_baseline"] > clock.today().isoformat():
        raise ValidationError({"legal_baseline": _("Sources cannot have been read later than today.")})
    if reason not in WhyRulesChange.values:
        raise ValidationError(_("Choose a reason from the list."))
    if first_day < clock.today():
        raise ValidationError(_("Rules cannot begin in the past: certificates already earned stay."))
    if versions.hold_anyway(wanted, _history(qualification), clock.start_of(first_day)):
        raise ValidationError(_("These rules will be in force then anyway."))
    if proposals.waiting(act=CHANGE, subject_id=qualification.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))


def _check_sources(qualification: Qualification, found: QualificationRules) -> None:
    """Refuse what cannot be required, and what would rest on itself by the rules in force."""
    for way in EarningWay:
        sources.check(found.sources(way))
    rests_on = {each.code: each.rules.qualifications() for each in in_force(clock.now())}
    rests_on[qualification.code] = found.qualifications()
    reached, ahead = set[str](), list(found.qualifications())
    while ahead:
        code = ahead.pop()
        if code not in reached:
            reached.add(code)
            ahead += rests_on.get(code, [])
    if qualification.code in reached:
        raise ValidationError(_("A qualification cannot rest on itself."))


@transaction.atomic
def confirm_rules(*, proposal: Proposal, by: User) -> QualificationVersion:
    """The second of two: a new version, in force from the day that was proposed, never from the past. Certificates
    issued before stand as they are.
    """
    qualification, wanted = RULES.to_confirm(proposal, by), proposal.payload["rules"]
    _check_sources(qualification, check_shape(wanted))
    return put_in_force(qualification, wanted, valid_from=RULES.confirm(proposal, by), by=by)


def written(qualification: Qualification, rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return rules as a version has them, with the form and the name of the newest one."""
    newest = qualification.versions.order_by("-number").first()
    named = newest.rules.get("name") if newest else None
    names = named or {language: getattr(qualification, f"name_{language}") for language in FACT_LANGUAGES}
    found: dict[str, Any] = canonical.plain({"format": FORMAT, **rules, "name": names})
    return found


def check_shape(written: Any) -> QualificationRules:
    """Return the rules; ValidationError where they cannot be read, name what nobody has registered, or contradict
    themselves.
    """
    try:
        found = QualificationRules.read(written)
    except ValueError as error:
        raise ValidationError(_("These rules cannot be read: %(why)s.") % {"why": error}) from error
    for way in EarningWay:
        for source in found.sources(way):
            sources.kind_of(source.name)
        if len(found.sources(way)) > MOST_SOURCES:
            raise ValidationError(_("At most %(most)d things can be required.") % {"most": MOST_SOURCES})
    if bool(found.first) != bool(found.renewal) or not (found.first or found.recognition):
        raise ValidationError(_("Say what earns it, and what renews it."))
    if found.valid_months not in MONTHS:
        raise ValidationError(_("It holds for 1 to %(most)d months.") % {"most": MONTHS.stop - 1})
    today = clock.today()
    holds = clock.add_months(today, found.valid_months) - today
    if not 0 <= found.opens_days < holds.days or found.closes_days < 0:
        raise ValidationError(_("Renewal begins after the certificate does, and ends after its last day."))
    return found


def put_in_force(
    qualification: Qualification, written: dict[str, Any], *, valid_from: datetime, by: User | None
) -> QualificationVersion:
    """A new version, in force from then on whatever was to come later; in the transaction of the caller."""
    version: QualificationVersion = versions.begin(
        qualification.versions, written, _history(qualification),
        lambda version: QualificationInForce(qualification=qualification, version=version, valid_from=valid_from),
        act=CHANGE, kind="qualification", public_id=qualification.public_id, by=by,
    )  # fmt: skip
    return version


def _history(qualification: Qualification) -> RecordedQuerySet[QualificationInForce]:
    return QualificationInForce.objects.filter(qualification=qualification)
