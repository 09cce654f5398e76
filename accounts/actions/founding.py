"""The first people of an installation."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Invitation
from locales.translations import in_every_language
from operations import audit, clock
from people.actions.agencies import add_unit
from people.actions.grants import grant
from people.actions.minimum_holders import NEEDED
from people.actions.persons import add_person
from people.actions.postings import post
from people.models import Agency, Grant, Role, Unit, User

from .invitations import invite, make_sheets

HEADQUARTERS = gettext_noop("Headquarters")


@dataclass(frozen=True, kw_only=True)
class Founder:
    """`agency` and `role` are codes. Who has no unit to serve in yet serves in the headquarters."""

    position: str
    family_name: str
    given_name: str
    father_name: str = ""
    email: str | None = None
    language: str = "az"
    agency: str
    unit: str = ""
    role: str
    service_number: str


@transaction.atomic
def found_installation(*, founders: list[Founder], by: None) -> list[tuple[Founder, Invitation, str]]:
    """Make two registrars and one administrator, each with a one-time code for the service number.

    Once in the life of an installation: afterwards registrars are made by two people. ValidationError says
    what is wrong; nothing is made then.
    """
    list(Agency.objects.select_for_update().order_by("pk"))  # two runs wait for each other
    if Grant.objects.filter(position=Grant.Position.REGISTRAR).exists():
        raise ValidationError(
            _(
                "There is, or was, a registrar already. More registrars are proposed by one person "
                "and confirmed by another."
            )
        )
    _check(founders)
    made = []
    for founder in founders:
        person, agency = _settle(founder)
        grant(person=person, position=founder.position, reason="founded", by=by)
        [invitation] = invite(people=[person], agency=agency, way=Invitation.Way.SHEET, by=by)
        [(sheet, code)] = make_sheets(invitations=[invitation], by=by)
        made.append((founder, sheet, code))
    after = {"people": [invitation.person.public_id for _founder, invitation, _code in made]}
    audit.record(by=by, act="accounts.found", subject_kind="installation", subject_id="1", after=after)
    return made


def _check(founders: list[Founder]) -> None:
    counted = {position: sum(each.position == position for each in founders) for position in NEEDED}
    if counted != NEEDED or len(founders) != sum(NEEDED.values()):
        raise ValidationError(_("Name two registrars and one administrator, nobody else."))
    if len({(each.agency, each.service_number) for each in founders}) != len(founders):
        raise ValidationError(
            _("Three different people are needed, each with a service number of their own.")
        )


def _settle(founder: Founder) -> tuple[User, Agency]:
    """Return the person, serving in the agency from today."""
    agency = Agency.objects.filter(code=founder.agency).first()
    role = Role.objects.filter(code=founder.role).first()
    if agency is None or role is None or not founder.service_number.strip():
        raise ValidationError(
            _("%(name)s: agency, role or service number is missing or not known.")
            % {"name": founder.family_name}
        )
    person = add_person(
        family_name=founder.family_name, given_name=founder.given_name, father_name=founder.father_name,
        email=founder.email, language=founder.language, by=None,
    )  # fmt: skip
    post(
        person=person, unit=_unit(agency, founder.unit), role=role, by=None,
        service_number=founder.service_number.strip(), valid_from=clock.start_of(clock.today()),
    )  # fmt: skip
    return person, agency


def _unit(agency: Agency, code: str) -> Unit:
    code = code or "headquarters"
    unit = Unit.objects.filter(agency=agency, code=code).first()
    return unit or add_unit(
        agency=agency, code=code, names=in_every_language(HEADQUARTERS), kind=Unit.Kind.HEADQUARTERS, by=None
    )
