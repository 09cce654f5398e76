"""Forms of coordinators: people, postings, leave, filters of the list."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from locales.languages import LANGUAGE_NAMES
from locales.sorting import in_order
from operations import clock, validators
from operations.form_errors import field_of_constraint
from operations.form_fields import DayField, ListFilter, MomentField, PeriodForm
from people import supervision
from people.actions.editing import Known
from people.extensions import registry
from people.models import Agency, Role, Unit, User
from people.people_list import FOR_ALL, SERVING, STATES, PeopleQuery, unit_choices

from .fields import NameField, NumberField

SPOKEN = [
    ("az", pgettext_lazy("speaks", "Azerbaijani")), ("ru", pgettext_lazy("speaks", "Russian")),
    ("en", pgettext_lazy("speaks", "English")), ("tr", pgettext_lazy("speaks", "Turkish")),
    ("ka", pgettext_lazy("speaks", "Georgian")), ("fa", pgettext_lazy("speaks", "Persian")),
    ("ar", pgettext_lazy("speaks", "Arabic")), ("uz", pgettext_lazy("speaks", "Uzbek")),
    ("uk", pgettext_lazy("speaks", "Ukrainian")), ("zh", pgettext_lazy("speaks", "Chinese")),
    ("ur", pgettext_lazy("speaks", "Urdu")), ("bn", pgettext_lazy("speaks", "Bengali")),
]  # fmt: skip


def role_choices() -> list[tuple[str, str]]:
    return [(role.code, role.name) for role in in_order(Role.objects.all())]


class PeopleFilter(ListFilter):
    """Filters of the list."""

    q = forms.CharField(label=_("Name or service number"), required=False, max_length=80)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(self, data: Mapping[str, Any], *, agencies: Sequence[Agency], everybody: bool) -> None:
        super().__init__(data)
        self._agencies = {agency.public_id: agency for agency in agencies}
        agency = self._only() or self._agencies.get(str(data.get("agency", "")))
        self._choose("agency", [("", _("all")), *((key, a.name) for key, a in self._agencies.items())])
        self._choose("unit", [("", _("all")), *(unit_choices(agency) if agency else ())])
        self._choose("role", [("", _("all")), *role_choices()])
        self._choose("state", [*STATES, *(FOR_ALL if everybody else ())])
        if self._only():
            del self.fields["agency"]
        if agency is None:
            del self.fields["unit"]
        for each in registry.filters:
            choices = [("", _("all")), *each.choices()]
            self.fields[each.name] = forms.ChoiceField(label=str(each.label), required=False, choices=choices)

    def _only(self) -> Agency | None:
        return next(iter(self._agencies.values())) if len(self._agencies) == 1 else None

    def _choose(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def chosen(self) -> dict[str, str]:
        """Return each filter that differs from the list as it opens."""
        values = super().chosen()
        if values["state"] == SERVING:
            values["state"] = ""
        return {name: value for name, value in values.items() if value}

    def query(self) -> PeopleQuery:
        chosen = self.chosen()
        agency = self._only() or self._agencies.get(chosen.get("agency", ""))
        unit = Unit.objects.filter(public_id=chosen.get("unit", ""), agency=agency).first()
        return PeopleQuery(
            agency=self._agencies.get(chosen.get("agency", "")),
            unit=unit if chosen.get("unit") else None,
            role=chosen.get("role", ""),
            state=chosen.get("state", SERVING),
            text=chosen.get("q", ""),
            others={each.name: chosen.get(each.name, "") for each in registry.filters},
        )


class PersonForm(forms.Form):
    """Names as documents write them, in each script that a document uses."""

    family_name = NameField(
        label=_("Family name"), max_length=60, error_messages={"required": _("Enter the family name.")}
    )
    given_name = NameField(
        label=_("Given name"), max_length=60, error_messages={"required": _("Enter the given name.")}
    )
    father_name = NameField(
        label=_("Father's name"), help_text=_("With oğlu or qızı"), max_length=70, required=False
    )
    family_name_latin = NameField(label=_("Family name in the passport"), max_length=60, required=False)
    given_name_latin = NameField(label=_("Given name in the passport"), max_length=60, required=False)
    family_name_cyrillic = NameField(
        script="CYRILLIC", label=_("Family name in Russian"), max_length=60, required=False
    )
    given_name_cyrillic = NameField(
        script="CYRILLIC", label=_("Given name in Russian"), max_length=60, required=False
    )
    father_name_cyrillic = NameField(
        script="CYRILLIC", label=_("Father's name in Russian"), max_length=70, required=False
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "The person's own, not the unit's. Without it, the person is invited by a printed sheet."
        ),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language of letters and pages"),
        choices=list(LANGUAGE_NAMES.items()),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        help_text=_("Asked for where somebody wants to speak to a woman or to a man"),
        choices=[("", pgettext_lazy("sex", "not given")), *User.Sex.choices],
        required=False,
    )
    spoken_languages = forms.MultipleChoiceField(
        label=_("Speaks"), choices=SPOKEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    availability = forms.ChoiceField(
        label=_("Availability"), choices=User.Availability.choices, initial=User.Availability.AVAILABLE
    )
    supervisor = forms.CharField(
        label=_("Supervisor's service number"),
        help_text=_("Of somebody who serves in the same agency. Empty where there is none."),
        max_length=30,
        required=False,
        widget=forms.TextInput({"class": "code"}),
    )

    GROUPS = (
        (_("Name as in Azerbaijani documents"), ("family_name", "given_name", "father_name")),
        (
            _("Other spellings"),
            (
                "family_name_latin", "given_name_latin", "family_name_cyrillic", "given_name_cyrillic",
                "father_name_cyrillic",
            ),
        ),
        (_("How the person is reached"), ("email", "language")),
        (_("For the choice of who takes a task"), ("sex", "spoken_languages", "availability")),
        (pgettext_lazy("heading", "Supervisor"), ("supervisor",)),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, among: Agency | None = None, person: User | None = None, **more: Any
    ) -> None:
        """Set up the form.

        `among`: the agency whose numbers are meant; without one nobody can be named. `person`: as known
        already.
        """
        super().__init__(data, **more)
        self._among, self._held = among, person and person.supervisor
        if among is None:
            del self.fields["supervisor"]

    def clean_supervisor(self) -> User | None:
        number = self.cleaned_data["supervisor"]
        if "supervisor" not in self.changed_data:
            return self._held  # also one who has no number in this agency
        supervisor = supervision.with_number(number, self._among) if number.strip() and self._among else None
        if number.strip() and supervisor is None:
            raise forms.ValidationError(_("Nobody who serves in the agency has this number."))
        return supervisor

    def known(self) -> Known:
        values = {name: value for name, value in self.cleaned_data.items() if name in Known.__annotations__}
        supervisor = values.get("supervisor", self._held)
        return Known(
            **{**values, "supervisor": supervisor, "spoken_languages": tuple(values["spoken_languages"])}
        )

    @staticmethod
    def initial_of(person: User, agency: Agency | None) -> dict[str, Any]:
        values = {name: getattr(person, name) for name in PersonForm.base_fields}
        above = person.supervisor
        return {**values, "supervisor": supervision.number_of(above, agency) if above and agency else ""}


class Since(forms.Form):
    """A first day, which counts from its beginning."""

    @property
    def since(self) -> datetime:
        return clock.start_of(self.cleaned_data["first_day"])


class SinceUntil(Since, PeriodForm):
    """Also to the end of `last_day`, where there is one."""

    @property
    def until(self) -> datetime | None:
        last: date | None = self.cleaned_data["last_day"]
        return clock.end_of(last) if last else None


class PlaceForm(Since):
    """The place in one agency where somebody serves, and since when."""

    unit = forms.ChoiceField(label=_("Unit"), error_messages={"required": _("Choose the unit.")})
    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose the role.")})
    service_number = NumberField(
        label=_("Service number"),
        required=False,
        help_text=_("Who has no e-mail address signs in with it."),
    )
    first_day = DayField(label=_("First day there"), validators=[validators.beginning])

    def __init__(self, data: Any, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, **more)
        self._agency = agency
        units: Any = self.fields["unit"]
        units.choices = [("", _("choose")), *unit_choices(agency)]
        roles: Any = self.fields["role"]
        roles.choices = [("", _("choose")), *role_choices()]

    @property
    def unit_chosen(self) -> Unit:
        return Unit.objects.get(agency=self._agency, public_id=self.cleaned_data["unit"])

    @property
    def role_chosen(self) -> Role:
        return Role.objects.get(code=self.cleaned_data["role"])


class NewPersonForm(PlaceForm, PersonForm):
    """Somebody who is added, and where they serve."""


ORDER_FIELD = forms.RegexField(
    r"^(?=.*\d)[\w\s./№–-]+$",
    label=_("Number of the order"),
    help_text=_("For the audit trail, for example 41-K. No names."),
    error_messages={"invalid": _("Enter the number of the order as it stands there, for example 41-K.")},
    max_length=40,
    required=False,
)


class TransferForm(PlaceForm):
    order = ORDER_FIELD


class ManyTransferForm(TransferForm):
    """A transfer of several people: each keeps role and number."""

    def __init__(self, data: Any, **more: Any) -> None:
        super().__init__(data, **more)
        del self.fields["role"], self.fields["service_number"]


class PostingCorrectionForm(PlaceForm, SinceUntil):
    last_day = DayField(
        label=_("Last day there"),
        required=False,
        help_text=_("Empty while there is no end."),
        validators=[validators.ending],
    )
    order = ORDER_FIELD


class EndForm(forms.Form):
    last_day = DayField(label=_("Last day of service"), validators=[validators.ending])
    order = ORDER_FIELD

    @property
    def until(self) -> datetime:
        return clock.end_of(self.cleaned_data["last_day"])


class LeaveForm(SinceUntil):
    """The period of a leave. The reason for it is not asked."""

    first_day = DayField(label=_("First day of leave"), validators=[validators.beginning])
    last_day = DayField(
        label=_("Last day of leave"),
        required=False,
        help_text=_("Empty where it is not known yet."),
        validators=[validators.ending],
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("For the audit trail, for example: entered by mistake. No names."),
        max_length=120,
        error_messages={"required": _("Say why.")},
    )


class MomentForm(forms.Form):
    """At which instant, in Baku, a person's page is to say what held."""

    at = MomentField(
        label=_("Day and time"),
        required=False,
    )

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is not None:
            validators.ending(at.date())
        return at


class UndoForm(forms.Form):
    """`at`: the change that was seen, so that no later one is undone by mistake."""

    at = forms.CharField(widget=forms.HiddenInput)


field_of_constraint.update(
    {
        "posting_service_number": "service_number",
        "posting_no_overlap": "first_day",
        "posting_ends_after_start": "last_day",
        "leave_no_overlap": "first_day",
    }
)
