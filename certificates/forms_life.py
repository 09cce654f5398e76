"""Forms of acts on a certificate, by act; of complaints and appeals."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from locales.dates import day_text
from operations import validators
from operations.form_fields import DayField, one_of

from . import reasons
from .actions_life import READMIT, REINSTATE, REVOKE, SUSPEND_LONGER, VOID, last_day_alone
from .acts import Act
from .models import CertificateEvent, Complaint, EventAppeal, Readmission
from .models.life import REFERENCE

MISSING = _("Choose a reason from the list.")
ONLY_CATEGORY = _("Only the category is kept. It is never shown to the public.")


def _reason(choices: reasons.Choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Reason category"), help_text=ONLY_CATEGORY, error_messages={"required": MISSING},
        choices=[("", _("Choose")), *choices],
    )  # fmt: skip


class RevocationForm(forms.Form):
    reason = _reason(reasons.FOR_REVOCATION)
    reach = forms.ChoiceField(
        label=_("What it applies to"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "It depends on the reason. A critical error, a complaint or leaving the service applies to "
            "the whole qualification: its exams stay closed until two registrars readmit the person. "
            "Other reasons apply to this certificate only."
        ),
        choices=[
            ("", _("as the reason says")),
            *((each.value, each.label) for each in CertificateEvent.Reach),
        ],
    )


def _how_long() -> str:
    return gettext(
        "One registrar is enough until %(day)s. Two are needed for longer, or again within 90 days."
    ) % {"day": day_text(last_day_alone())}


class SuspensionForm(forms.Form):
    last_day = DayField(label=_("Until the end of this day"), help_text=lazy(_how_long, str)())
    reason = _reason(reasons.FOR_SUSPENSION)


class ReinstatementForm(forms.Form):
    reason = _reason(reasons.FOR_REINSTATEMENT)


class VoidingForm(forms.Form):
    reason = _reason(reasons.FOR_VOIDING)


class ReadmissionForm(forms.Form):
    first_day = DayField(label=_("Exams open from this day on"), validators=[validators.ending])
    reason = _reason(Readmission.Reason.choices)


FORMS: Mapping[str, Callable[..., forms.Form]] = {
    REVOKE: RevocationForm,
    SUSPEND_LONGER: SuspensionForm,
    REINSTATE: ReinstatementForm,
    VOID: VoidingForm,
    READMIT: ReadmissionForm,
}


def form_of(act: Act, data: Mapping[str, Any] | None = None) -> forms.Form:
    """Return the form of an act; several of them may stand on one page."""
    return FORMS[act.code](data, auto_id=f"{act.slug}-%s")


class ComplaintForm(forms.Form):
    category = one_of(
        Complaint.Category.choices,
        label=_("What the complaint is about"),
        missing=_("Choose what it is about."),
    )
    reference = forms.CharField(
        label=_("Number of the file"),
        help_text=_(
            "At most 40 letters, digits, hyphens, slashes. No name: what was said stays in the file."
        ),
        max_length=40,
        validators=[REFERENCE],
    )


class OutcomeForm(forms.Form):
    """Of a complaint or an appeal."""

    outcome = one_of(Complaint.Outcome.choices, label=_("Decision"), missing=_("Choose a decision."))


class EventAppealForm(forms.Form):
    category = one_of(
        EventAppeal.Category.choices,
        label=_("What you say against it"),
        missing=_("Choose what you say against it."),
    )
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("At most 500 characters. Do not name victims or other people."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AsOfForm(forms.Form):
    """`on`: the day whose end is asked about; `known`: what was known at the end of which day."""

    on = DayField(label=_("State at the end of"))
    known = DayField(label=_("As known at the end of"), required=False)
