"""Forms to give, end and look up positions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from locales.sorting import in_order
from operations import clock, validators
from operations.form_fields import DayField, ListFilter, PeriodForm, one_of
from people.models import Agency, Grant, Posting, Unit, User, WhyRegistrar
from people.permissions import may, scopes_of_position, where_may
from people.permissions.exclusions import AGENCY, EVERYWHERE, UNIT
from people.permissions.grants import BY_TWO

Position = Grant.Position
OFFERED = [position for position in Position if position not in BY_TWO | {Position.BREAK_GLASS}]
STATES = [
    ("live", pgettext_lazy("position", "in force")),
    ("coming", pgettext_lazy("position", "not begun yet")),
    ("over", pgettext_lazy("position", "ended")),
]
OUTLASTING = ("left", pgettext_lazy("position", "the holder has left"))


def choices_of(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class GrantFilter(ListFilter):
    """The list of positions: a name in `q` is kept apart from the address."""

    q = forms.CharField(label=_("Name or service number"), required=False, max_length=80)
    position = forms.ChoiceField(
        label=_("Position"), required=False, choices=[("", _("all")), *Position.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *STATES, OUTLASTING])
    agency = forms.ChoiceField(label=_("Agency"), required=False)

    def __init__(self, data: Mapping[str, Any], *, agencies: Any) -> None:
        super().__init__(data)
        named = [(agency.code, agency.name) for agency in agencies]
        choices_of(self, "agency", [("", _("all")), *named])


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Whose position"),
        help_text=_("Family name, service number or e-mail address"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type a name, a number or an address.")},
    )


class GrantPeriodForm(PeriodForm):
    """The period of a position: from the beginning of one day to the end of another."""

    first_name, last_name = "first", "last"

    first = DayField(
        label=_("First day"),
        required=False,
        help_text=_("Empty: at once."),
        validators=[validators.beginning],
    )
    last = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: until somebody ends it."),
        validators=[validators.ending],
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        today, first, last = clock.today(), given.get("first"), given.get("last")
        if first and first < today:
            self.add_error("first", _("A position cannot begin in the past."))
        if last and not first and last < today:
            self.add_error("last", _("The last day comes before the first."))
        return given

    def period(self) -> dict[str, datetime | None]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        begins = clock.start_of(first) if first and first > clock.today() else None
        return {"starts_at": begins, "ends_at": clock.end_of(last) if last else None}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("A number of an order or a few words without names. It stays in the audit trail."),
        max_length=200,
        error_messages={"required": _("Say why.")},
    )


class GiveForm(ReasonForm, GrantPeriodForm):
    """A position for one person, of those that `by` may give, where `by` may give it."""

    position = forms.ChoiceField(label=_("Position"), error_messages={"required": _("Choose a position.")})
    area = forms.ChoiceField(
        label=_("Where it holds"),
        help_text=_("A unit includes the units below it."),
        error_messages={"required": _("Choose where it holds.")},
    )
    field_order = ("position", "area", "first", "last", "reason")

    def __init__(self, data: Mapping[str, Any] | None, *, by: User, person: User) -> None:
        super().__init__(data)
        self.all = may(by, "people.grant")
        self.offered = OFFERED if self.all else [Position.DUTY_OFFICER]
        named = [(position.value, position.label) for position in self.offered]
        choices_of(self, "position", named if len(named) == 1 else [("", _("choose")), *named])
        self.areas = _areas(by, person, everywhere=self.all)
        choices_of(self, "area", [("", _("choose")), *self.areas])

    def clean_area(self) -> dict[str, Any]:
        """Return {} for everywhere, {"agency": …} or {"unit": …}."""
        kind, _colon, key = self.cleaned_data["area"].partition(":")
        if kind == AGENCY:
            return {"agency": Agency.objects.get(public_id=key)}
        return {"unit": Unit.objects.select_related("agency").get(public_id=key)} if kind == UNIT else {}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        position, area = given.get("position"), given.get("area")
        if position and area is not None:
            scope = next(iter(area), EVERYWHERE)
            if scope not in scopes_of_position(position):
                allowed = [words for name, words in SCOPES.items() if name in scopes_of_position(position)]
                raise ValidationError(
                    {
                        "area": _("This position is given for: %(areas)s.")
                        % {"areas": ", ".join(map(str, allowed))}
                    }
                )
        return given


SCOPES = {
    EVERYWHERE: _("the whole country"),
    AGENCY: _("one agency"),
    UNIT: _("one unit and those below it"),
}


def _areas(by: User, person: User, *, everywhere: bool) -> list[tuple[str, Any]]:
    """Return agencies in reach, then the units of those where the person serves; the whole country first."""
    scope = where_may(by, "people.grant_duty_officer")
    agencies = Agency.objects.all()
    if not scope.everywhere:
        agencies = agencies.filter(pk__in=scope.agencies)
    areas: list[tuple[str, Any]] = [(EVERYWHERE, SCOPES[EVERYWHERE])] if everywhere else []
    areas += [(f"{AGENCY}:{agency.public_id}", agency.name) for agency in in_order(agencies)]
    serves = Posting.objects.current().filter(user=person, agency__in=agencies).values("agency")
    units = Unit.objects.filter(agency__in=serves).select_related("agency")
    named = [(f"{UNIT}:{unit.public_id}", f"{unit.agency.name} – {unit.name}") for unit in units]
    return areas + in_order(named, lambda each: each[1])


class ProposeForm(GrantPeriodForm):
    reason = one_of(
        WhyRegistrar.choices, label=_("Reason category"), missing=_("Choose a reason from the list.")
    )
    field_order = ("reason", "first", "last")
