"""Forms of requirements."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from locales.languages import LANGUAGES
from operations import clock, validators
from operations.form_fields import DayField, one_of

from .models import MOST_GRACE, MOST_SOURCE, MOST_WORDS, Basis, Condition, Mode, WhyRule
from .requirements import Names
from .rules import Need, needs_of, said_of

ANY_GROUPS = 2  # offered at least; one more than there are
WHO = {
    "az": _("Who performs it, in Azerbaijani"), "en": _("Who performs it, in English"),
    "ru": _("Who performs it, in Russian"),
}  # fmt: skip
NAME = {"az": _("Name in Azerbaijani"), "en": _("Name in English"), "ru": _("Name in Russian")}
SOURCE = {
    "az": _("Source, in Azerbaijani"), "en": _("Source, in English"), "ru": _("Source, in Russian"),
}  # fmt: skip


def _several(label: StrOrPromise, help_text: StrOrPromise = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple, required=False
    )


class RequirementForm(forms.Form):
    """`now`: the rules in force today, to begin with; `named`: what can be required, and of whom."""

    roles = _several(_("Roles that perform it"), _("None chosen: any role."))
    needs = _several(_("Certificates that are needed, all of them"))
    of_role = _several(
        _("Certificates of the role one serves in"),
        _("C1: from a labour inspector C1-LAB, from a police officer C1-POL."),
    )
    conditions = _several(
        _("What is confirmed each time"),
        _("The person who asks must tick each of them before there is an answer."),
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace after a certificate ends"),
        min_value=0,
        max_value=MOST_GRACE,
        help_text=_("During these days a supervisor's note is needed."),
        error_messages={
            "required": _("Enter a number of days; 0 for none."),
            "invalid": _("Enter a number of days; 0 for none."),
            "min_value": _("Enter a number of days; 0 for none."),
            "max_value": _("At most %(limit_value)s days."),
        },
    )
    override = forms.BooleanField(label=_("A shift leader may overrule a refusal"), required=False)
    mode = one_of(
        Mode.choices, label=_("Advised or enforced"), missing=_("Choose whether it is advised or enforced.")
    )
    enforce_from = DayField(
        label=_("Enforced from, where it is advised until then"),
        required=False,
        validators=[validators.ending],
    )
    basis = one_of(Basis.choices, label=_("Legal basis"), missing=_("Choose a basis."))
    first_day = DayField(
        label=_("In force from"),
        validators=[validators.ending],  # further ahead is a year typed wrongly
    )
    reason = one_of(WhyRule.choices, label=_("Reason category"), missing=_("Choose a reason from the list."))

    def __init__(self, data: Any, *, now: Mapping[str, Any] | None, named: Names) -> None:
        needs = needs_of(now) if now else ()
        groups = [need.any for need in needs if len(need.any) > 1]
        super().__init__(data, initial=_initial(now, needs, groups))
        self.any_names: list[str] = []
        if len(named.qualifications) > 1:
            for number in range(1, max(ANY_GROUPS, len(groups) + 1) + 1):
                self.any_names.append(f"any_{number}")
                self.fields[f"any_{number}"] = _several(_("Any one of these, group %d") % number)
        for language in LANGUAGES:
            self.fields[f"who_{language}"] = _text(WHO[language], MOST_WORDS)
            self.fields[f"source_{language}"] = _text(SOURCE[language], MOST_SOURCE, required=False)
        self._offer(named)

    def _offer(self, named: Names) -> None:
        qualifications = [(code, f"{code} {name}") for code, name in named.qualifications.items()]
        prefixes = sorted(
            {
                code.removesuffix(f"-{role}")
                for code in named.qualifications
                for role in named.roles
                if code.endswith(f"-{role}")
            }
        )
        offered: dict[str, Sequence[tuple[str, StrOrPromise]]] = {
            "roles": list(named.roles.items()),
            "needs": qualifications,
            "of_role": [(prefix, prefix) for prefix in prefixes],
            "conditions": Condition.choices,
            **dict.fromkeys(self.any_names, qualifications),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = list(choices)

    @property
    def groups(self) -> list[tuple[StrOrPromise, Sequence[str]]]:
        """The fields under their headings, in the order of the page."""
        texts = [f"who_{language}" for language in LANGUAGES]
        sources = [f"source_{language}" for language in LANGUAGES]
        return [
            (_("Who performs it"), ["roles", *texts]),
            (_("What is needed"), ["needs", "of_role", *self.any_names, "conditions", "grace_days"]),
            (_("What a refusal means"), ["mode", "enforce_from", "override"]),
            (_("On what it rests"), ["basis", *sources]),
            (_("From when, and why"), ["first_day", "reason"]),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "needs" in given and not self._needs(given):
            self.add_error("needs", _("Choose at least one qualification from the list."))
        return given

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if day < clock.today():
            raise forms.ValidationError(
                _("A requirement cannot begin in the past: decisions already made stay.")
            )
        return day

    def _needs(self, given: Mapping[str, Any]) -> list[Need]:
        groups = [Need(any=tuple(given[name])) for name in self.any_names if given.get(name)]
        single = [Need(any=(code,)) for code in given.get("needs", ())]
        return [*single, *groups, *(Need(of_role=prefix) for prefix in given.get("of_role", ()))]

    def rules(self) -> dict[str, Any]:
        """Return the rules of a valid form, as `clearance.rules` describes them."""
        given = self.cleaned_data
        source = {language: given[f"source_{language}"].strip() for language in LANGUAGES}
        same = {name: given[name] for name in ("roles", "conditions", "grace_days", "override", "mode")}
        return {
            **same,
            "who": {language: given[f"who_{language}"].strip() for language in LANGUAGES},
            "needs": [said_of(need) for need in self._needs(given)],
            "enforce_from": given["enforce_from"],
            "basis": given["basis"],
            "source": source if any(source.values()) else None,
        }


class FunctionForm(RequirementForm):
    """A new function with its first rules."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("As in the list of functions: F12."),
        widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter a code, for example F12.")},
    )
    number = forms.IntegerField(
        label=_("Number"),
        min_value=1,
        max_value=999,
        error_messages={
            "required": _("Enter a number from 1 to 999."),
            "invalid": _("Enter a number from 1 to 999."),
            "min_value": _("Enter a number from 1 to 999."),
            "max_value": _("Enter a number from 1 to 999."),
        },
    )

    def __init__(self, data: Any, *, named: Names) -> None:
        super().__init__(data, now=None, named=named)
        for language in LANGUAGES:
            self.fields[f"name_{language}"] = forms.CharField(
                label=NAME[language],
                max_length=200,
                error_messages={"required": _("Every language needs a name.")},
            )

    @property
    def groups(self) -> list[tuple[StrOrPromise, Sequence[str]]]:
        names = [f"name_{language}" for language in LANGUAGES]
        return [(_("The function"), ["code", "number", *names]), *super().groups]

    def function(self) -> dict[str, Any]:
        """Return code, number and names of a valid form."""
        given = self.cleaned_data
        names = {language: given[f"name_{language}"].strip() for language in LANGUAGES}
        return {"code": given["code"].strip(), "number": given["number"], "names": names}


def _text(label: StrOrPromise, most: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say it in each of the three languages.")},
    )


def _initial(
    now: Mapping[str, Any] | None, needs: Sequence[Need], groups: Sequence[Sequence[str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "first_day": clock.today() + timedelta(days=1), "grace_days": 0, "mode": str(Mode.ENFORCE),
    }  # fmt: skip
    if now is None:
        return found
    same = ("roles", "conditions", "grace_days", "override", "mode", "enforce_from", "basis")
    found |= {name: now[name] for name in same}
    for name in ("who", "source"):
        found |= {f"{name}_{language}": text for language, text in (now[name] or {}).items()}
    found["needs"] = [need.any[0] for need in needs if len(need.any) == 1]
    found["of_role"] = [need.of_role for need in needs if need.of_role]
    return found | {f"any_{number}": list(codes) for number, codes in enumerate(groups, 1)}
