"""Forms of evidence files: to make one, and to have one checked."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.credentials.evidence import MOST_BYTES
from locales.sorting import in_order
from operations import clock
from operations.form_fields import DayField, PeriodForm, one_of
from people.models import Agency, User

from .decision_list import reach_of_reader, records_of_number
from .evidence_file import EvidenceQuery, WhyEvidence
from .forms import CaseField

LONGEST = timedelta(days=366)


class EvidenceForm(PeriodForm):
    """One person, or everybody, in a period of at most a year."""

    first_name: ClassVar[str] = "since"
    last_name: ClassVar[str] = "until"

    number = forms.CharField(
        label=_("Service number"),
        help_text=_(
            "It stands beside the name in the register of decisions. If left empty, the file covers everybody in the "
            "period."
        ),
        required=False,
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    case = CaseField(help_text=_("If left empty, the file covers every case in the period."))
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    since = DayField(label=_("From day"))
    until = DayField(label=_("To day"), help_text=_("At most one year after the first."))
    reason = one_of(
        WhyEvidence.choices,
        label=_("Reason category"),
        help_text=_("Only the category is kept, and the person can read it."),
        missing=_("Choose a reason from the list."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: User) -> None:
        super().__init__(data)
        self._by = by
        reach = reach_of_reader(by)
        agencies = Agency.objects.all() if reach is None else Agency.objects.filter(public_id__in=reach)
        field: Any = self.fields["agency"]
        field.choices = [("", _("all")), *((each.public_id, each.name) for each in in_order(agencies))]
        if len(field.choices) <= 2:
            del self.fields["agency"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        since, until = given.get("since"), given.get("until")
        if since and until and until - since > LONGEST:
            self.add_error("until", _("A file holds at most one year."))
        number = str(given.get("number") or "").strip()
        self.people = self._people(number, given) if number else ()
        return given

    def _people(self, number: str, given: dict[str, Any]) -> tuple[str, ...]:
        """Return public ids of the records of the one who has or had the number; of several, who had it in the period.

        An error at the number where that is nobody, or more than one.
        """
        here = Q(agency__public_id=given["agency"]) if given.get("agency") else Q()
        found = list(records_of_number(number, here, by=self._by))
        since, until = given.get("since"), given.get("until")
        if _several(found) and since and until:
            then = Q(valid_from__lt=clock.end_of(until)) & (
                Q(valid_to=None) | Q(valid_to__gt=clock.start_of(since))
            )
            found = list(records_of_number(number, here, then, by=self._by)) or found
        if not found:
            self.add_error("number", _("Nobody whose decisions you may read has or had this number."))
        elif _several(found):
            self.add_error(
                "number",
                _("Several people have or had this number. Choose the agency, or days when only one had it."),
            )
        return tuple(each.public_id for each in found)

    def query(self, of_case: tuple[str, ...] | None) -> EvidenceQuery:
        """`of_case`: what was found by the reference, where one was entered."""
        given = self.cleaned_data
        return EvidenceQuery(
            people=self.people,
            of_case=of_case,
            agency=given.get("agency", ""),
            since=given["since"].isoformat(),
            until=given["until"].isoformat(),
            reason=given["reason"],
        )


def _several(records: Collection[User]) -> bool:
    """Return whether they are of more than one person; records that were merged are of one."""
    return len({each.merged_into_id or each.pk for each in records}) > 1


class CheckForm(forms.Form):
    file = forms.FileField(
        label=_("Evidence file"),
        help_text=_("It is checked and not kept."),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty.")},
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large to be one of ours."))
        content: bytes = file.read()
        return content
