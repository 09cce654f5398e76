"""Rules that two rule owners may set: what is refused, in words, beside the field it stands in."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from certificates.models import Qualification
from locales.languages import LANGUAGES
from people.models import Role

from .models import MOST_GRACE, MOST_SOURCE, MOST_WORDS, Basis, Condition, Mode
from .rules import needs_of, not_offered

RECOMMENDATION = re.compile(r"recommendation|tövsiyə|рекомендац", re.IGNORECASE)


def refuse_rules(rules: Mapping[str, Any], first_day: date) -> None:
    """ValidationError: by the name of the field of `RequirementForm`, all at once."""
    problems: dict[str, str] = {}
    for check in (_roles_and_words, _needs, _rest, _mode, _source):
        problems |= check(rules, first_day)
    if problems:
        raise ValidationError({name: [text] for name, text in problems.items()})


def _roles_and_words(rules: Mapping[str, Any], first_day: date) -> dict[str, str]:
    found = {}
    if Role.objects.filter(code__in=rules["roles"]).count() != len(rules["roles"]):
        found["roles"] = _("Choose roles from the list.")
    for language in LANGUAGES:
        text = (rules["who"] or {}).get(language, "")
        if not text.strip() or len(text) > MOST_WORDS:
            found[f"who_{language}"] = _("Say in %(most)d characters or fewer who performs it.") % {
                "most": MOST_WORDS
            }
    return found


def _needs(rules: Mapping[str, Any], first_day: date) -> dict[str, str]:
    needs = needs_of(rules)
    offered = set(Qualification.objects.values_list("code", flat=True))
    unknown = {code for need in needs for code in need.any} - offered
    prefixes = {code.rpartition("-")[0] for code in offered}
    if not needs or unknown or any(need.of_role and need.of_role not in prefixes for need in needs):
        return {"needs": _("Choose at least one qualification from the list.")}
    lacking = not_offered(needs, rules["roles"], offered)
    if lacking and (rules["mode"] == Mode.ENFORCE or rules["enforce_from"]):
        codes = {"codes": ", ".join(lacking)}
        return {"mode": _("Nobody can earn %(codes)s: choose advice, without a day.") % codes}
    return {}


def _rest(rules: Mapping[str, Any], first_day: date) -> dict[str, str]:
    found = {}
    if rules["basis"] not in Basis.values:
        found["basis"] = _("Choose a basis.")
    if not 0 <= rules["grace_days"] <= MOST_GRACE:
        found["grace_days"] = _("Enter 0 to %(most)d days.") % {"most": MOST_GRACE}
    if set(rules["conditions"]) - set(Condition.values):
        found["conditions"] = _("Choose conditions from the list.")
    return found


def _mode(rules: Mapping[str, Any], first_day: date) -> dict[str, str]:
    if rules["mode"] not in Mode.values:
        return {"mode": _("Choose whether it is advised or enforced.")}
    if rules["enforce_from"] is None:
        return {}
    if rules["mode"] == Mode.ENFORCE:
        return {"enforce_from": _("Leave this day empty: the requirement is enforced from its first day.")}
    if date.fromisoformat(rules["enforce_from"]) <= first_day:
        return {"enforce_from": _("This day must come after the day from which it is in force.")}
    return {}


def _source(rules: Mapping[str, Any], first_day: date) -> dict[str, str]:
    """A law or a recommendation is named; a recommendation is not said to be a law."""
    source = rules["source"] or {}
    found = {}
    for language in LANGUAGES:
        text = source.get(language, "").strip()
        if len(text) > MOST_SOURCE:
            found[f"source_{language}"] = _("At most %(most)d characters.") % {"most": MOST_SOURCE}
        elif not text and (rules["basis"] != Basis.DEFAULT or any(source.values())):
            found[f"source_{language}"] = _("Name the source, in each of the three languages.")
        elif rules["basis"] == Basis.LAW and RECOMMENDATION.search(text):
            found["basis"] = _("A recommendation is not a law: choose “recommended”.")
    return found
