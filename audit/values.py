"""Values that the audit trail keeps, as people read them: ids as names, instants as days, fields in words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from locales.dates import day_text, end_text, instant_text
from operations.audit import WHY
from operations.trail import subject_kinds
from people.models import Agency, Grant, Unit, User

WORDS: dict[str, StrOrPromise] = {
    WHY: gettext_lazy("reason"),
    "about": gettext_lazy("about"),
    "agency": gettext_lazy("agency"),
    "agreed": gettext_lazy("agreed"),
    "allow_repeat": gettext_lazy("a case may come again"),
    "answered": gettext_lazy("answered"),
    "any": gettext_lazy("any one of"),
    "appeal": gettext_lazy("appeal"),
    "attempt": gettext_lazy("examination or practice"),
    "basis": gettext_lazy("basis"),
    "case": gettext_lazy("for one case"),
    "change": gettext_lazy("what was done"),
    "code": gettext_lazy("code"),
    "complaint": gettext_lazy("complaint"),
    "conditions": gettext_lazy("conditions to confirm"),
    "counts": gettext_lazy("numbers"),
    "course": gettext_lazy("course"),
    "day": gettext_lazy("day"),
    "due_on": gettext_lazy("due on"),
    "edition": gettext_lazy("edition"),
    "ends_at": gettext_lazy("until"),
    "enforce_from": gettext_lazy("enforced from"),
    "event": gettext_lazy("entry of the certificate"),
    "evidence": gettext_lazy("in a file of evidence"),
    "exam": gettext_lazy("examination"),
    "extra_time": gettext_lazy("extra time in per cent"),
    "family_name_cyrillic": gettext_lazy("family name in Cyrillic"),
    "family_name_latin": gettext_lazy("family name in the passport"),
    "father_name_cyrillic": gettext_lazy("father's name in Cyrillic"),
    "fields": gettext_lazy("fields"),
    "file": gettext_lazy("file"),
    "filters": gettext_lazy("filters"),
    "finding": gettext_lazy("what the review found"),
    "form": gettext_lazy("form of the file"),
    "format": gettext_lazy("form of the file"),
    "found": gettext_lazy("found"),
    "from": gettext_lazy("from"),
    "functions": gettext_lazy("duty functions"),
    "giver": gettext_lazy("who gave it"),
    "given_name_cyrillic": gettext_lazy("given name in Cyrillic"),
    "given_name_latin": gettext_lazy("given name in the passport"),
    "gone": gettext_lazy("record that was merged"),
    "grace_days": gettext_lazy("days of grace"),
    "grant": gettext_lazy("entry of the position"),
    "grants": gettext_lazy("positions"),
    "instant": gettext_lazy("time asked about"),
    "into": gettext_lazy("into"),
    "invitation": gettext_lazy("invitation"),
    "invitations": gettext_lazy("invitations"),
    "invited": gettext_lazy("invited"),
    "kept": gettext_lazy("record that stays"),
    "kind": gettext_lazy("kind"),
    "kinds": gettext_lazy("kinds"),
    "known": gettext_lazy("how it was known"),
    "languages": gettext_lazy("languages"),
    "layout": gettext_lazy("languages of the file"),
    "law_confirmed_on": gettext_lazy("confirmed by a national lawyer on"),
    "leaps": gettext_lazy("leaps of the clock"),
    "leaves": gettext_lazy("leaves"),
    "left_out": gettext_lazy("left out"),
    "legal_date": gettext_lazy("sources read until"),
    "looked_back": gettext_lazy("in a look back"),
    "main": gettext_lazy("main posting"),
    "marking": gettext_lazy("marking"),
    "material": gettext_lazy("material change"),
    "months": gettext_lazy("months"),
    "mode": gettext_lazy("advised or enforced"),
    "names": gettext_lazy("names"),
    "needed": gettext_lazy("how many are needed"),
    "needs": gettext_lazy("certificates required"),
    "newest": gettext_lazy("newest instant on record"),
    "number": gettext_lazy("number"),
    "of_role": gettext_lazy("of the role one serves in"),
    "on_duty_until": gettext_lazy("on duty until"),
    "open": gettext_lazy("account open"),
    "order": gettext_lazy("order of the lessons"),
    "outcome": gettext_lazy("outcome"),
    "override": gettext_lazy("may be overruled"),
    "pages": pgettext_lazy("audit trail", "pages"),
    "passed": gettext_lazy("passed"),
    "people": pgettext_lazy("audit trail", "people"),
    "person": gettext_lazy("person"),
    "position": gettext_lazy("position"),
    "posting": gettext_lazy("posting"),
    "postings": gettext_lazy("postings"),
    "proposal": gettext_lazy("proposal"),
    "provider": gettext_lazy("sign-in service"),
    "qualification": gettext_lazy("qualification"),
    "questions": gettext_lazy("questions"),
    "readmission": gettext_lazy("readmission"),
    "reference": gettext_lazy("number of the file"),
    "release": gettext_lazy("release"),
    "request": gettext_lazy("request"),
    "review_until": gettext_lazy("to be reviewed until"),
    "rhythm": gettext_lazy("rhythm of letters"),
    "role": gettext_lazy("role"),
    "roles": gettext_lazy("roles"),
    "roster": gettext_lazy("as the roster says"),
    "rows": gettext_lazy("lines"),
    "rules": gettext_lazy("rules"),
    "searched": gettext_lazy("searched by text"),
    "service_number": gettext_lazy("service number"),
    "sha256": "SHA-256",
    "sign_on": gettext_lazy("sign-in through the agency"),
    "source": gettext_lazy("source"),
    "starts_at": gettext_lazy("from"),
    "state": gettext_lazy("state"),
    "supervisor": gettext_lazy("supervisor"),
    "unit": gettext_lazy("unit"),
    "until": gettext_lazy("until"),
    "valid_from": gettext_lazy("from"),
    "valid_to": gettext_lazy("until"),
    "version": gettext_lazy("version"),
    "way": gettext_lazy("way"),
    "who": gettext_lazy("who performs it"),
    "why": gettext_lazy("why"),
    "with_missing": gettext_lazy("the whole roster"),
    "worth": gettext_lazy("counts"),
}
# Codes that fields hold, in words; those of a person's own fields are asked of the model.
_CODES: dict[str, dict[str, StrOrPromise]] = {
    "kind": {**dict(Agency.Kind.choices), **dict(Unit.Kind.choices)},
    "position": dict(Grant.Position.choices),
}


def name_values(field: str, words: Mapping[str, StrOrPromise]) -> None:
    """Say in words what the codes mean that entries keep in this field; several apps may use one field."""
    _CODES.setdefault(field, {}).update(words)


# What fields hold: an id of which kind; an instant or a day with which something begins, or ends if ever.
KINDS = {"supervisor": "user", "whose": "user", "unit": "unit", "agency": "agency", "role": "role"}
BEGINNINGS = {"valid_from", "starts_at", "from", "first_day", "legal_date", "enforce_from", "instant", "day"}
ENDS = {"valid_to", "ends_at"}

type Names = Mapping[tuple[str, str], str]  # by field and id


def names_in(pairs: Iterable[tuple[str, Any]]) -> Names:
    """Return what the ids in values of these fields stand for, by one query a kind; none where there is no
    id.
    """
    asked: dict[str, set[str]] = {}
    for name, value in pairs:
        for field, each in _ids(name, value):
            asked.setdefault(field, set()).add(each)
    return {
        (field, each): subject.text
        for field, ids in asked.items()
        for each, subject in subject_kinds[KINDS[field]].find(ids).items()
    }


def _ids(field: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case str() if field in KINDS and value:
            yield field, value
        case list():
            for each in value:
                yield from _ids(field, each)
        case dict():
            for name, each in value.items():
                yield from _ids(name, each)


def text_of(value: Any, names: Names, field: str = "") -> str:
    match value:
        case None:
            return _("no end") if field in ENDS else ""
        case bool():
            return _("Yes") if value else _("No")
        case str() if field in BEGINNINGS | ENDS:
            return _when(value, field)
        case str() | int() | float():
            return names.get((field, str(value))) or str(_codes(field).get(str(value), value))
        case list():
            return ", ".join(text_of(each, names, field) for each in value)
        case dict():
            return "; ".join(
                f"{label_of(name)}: {text_of(said, names, name) or '–'}" for name, said in value.items()
            )
        case _:
            return json.dumps(value, ensure_ascii=False)


def _codes(field: str) -> Mapping[str, StrOrPromise]:
    if field in _CODES:
        return _CODES[field]
    return dict(getattr(_of_a_person(field), "flatchoices", ()))


def _of_a_person(field: str) -> Any:
    try:
        return User._meta.get_field(field)
    except FieldDoesNotExist:
        return None


def _when(value: str, field: str) -> str:
    """Return a day where it begins or ends with one, else day and time."""
    try:
        kept = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        return value
    if not isinstance(kept, datetime):
        return day_text(kept)
    if field in ENDS:
        return end_text(kept)
    return day_text(kept) if localtime(kept).time() == time() else instant_text(kept)


def label_of(field: str) -> str:
    """Return what a person's page calls the field; its code where it is none of a person's."""
    if field in WORDS:
        return str(WORDS[field])
    return str(getattr(_of_a_person(field), "verbose_name", field))


def named(value: Any, names: Names, field: str = "") -> Any:
    """Return, for a machine, the value as it is kept, with a name for each id that stands for something."""
    match value:
        case str() if (field, value) in names:
            return {"id": value, "name": names[field, value]}
        case list():
            return [named(each, names, field) for each in value]
        case dict():
            return {name: named(each, names, name) for name, each in value.items()}
        case _:
            return value
