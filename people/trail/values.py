"""Values that the audit trail keeps, as people read them: ids as names, instants as days, fields in words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from locales.dates import day_text, end_text, instant_text
from operations.audit import WHY
from operations.trail import subject_kinds
from people.models import User

WORDS = {
    WHY: gettext_lazy("reason"),
    "posting": gettext_lazy("posting"),
    "agency": gettext_lazy("agency"),
    "main": gettext_lazy("main posting"),
    "valid_from": gettext_lazy("from"),
    "service_number": gettext_lazy("service number"),
    "unit": gettext_lazy("unit"),
    "role": gettext_lazy("role"),
    "valid_to": gettext_lazy("until"),
    "supervisor": gettext_lazy("supervisor"),
    "roster": gettext_lazy("as the roster says"),
    "invited": gettext_lazy("invited"),
    "family_name_latin": gettext_lazy("family name in the passport"),
    "given_name_latin": gettext_lazy("given name in the passport"),
    "family_name_cyrillic": gettext_lazy("family name in Cyrillic"),
    "given_name_cyrillic": gettext_lazy("given name in Cyrillic"),
    "father_name_cyrillic": gettext_lazy("father's name in Cyrillic"),
}
# What fields hold: an id of which kind; an instant or a day with which something begins, or ends if ever.
KINDS = {"supervisor": "user", "whose": "user", "unit": "unit", "agency": "agency", "role": "role"}
BEGINNINGS = {"valid_from", "starts_at", "from", "first_day", "legal_date"}
ENDS = {"valid_to", "ends_at"}

type Names = Mapping[tuple[str, str], str]  # by field and id


def names_in(said: Iterable[tuple[str, Any]]) -> Names:
    """What the ids in values of these fields stand for: one question a kind, none where there is no id."""
    wanted: dict[str, set[str]] = {}
    for name, value in said:
        for field, each in _ids(name, value):
            wanted.setdefault(field, set()).add(each)
    return {
        (field, each): subject.text
        for field, ids in wanted.items()
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
            return names.get((field, str(value)), str(value))
        case list():
            return ", ".join(text_of(each, names, field) for each in value)
        case dict():
            return "; ".join(
                f"{label_of(name)}: {text_of(said, names, name) or '–'}" for name, said in value.items()
            )
        case _:
            return json.dumps(value, ensure_ascii=False)


def _when(value: str, field: str) -> str:
    """A day where it begins or ends with one, else day and time."""
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
    """How a person's page calls the field; its code where it is none of a person's."""
    if field in WORDS:
        return str(WORDS[field])
    try:
        label = User._meta.get_field(field)
    except FieldDoesNotExist:
        return field
    return str(getattr(label, "verbose_name", field))


def named(value: Any, names: Names, field: str = "") -> Any:
    """For a machine: the value as it is kept, but for each id that stands for something its name too."""
    match value:
        case str() if (field, value) in names:
            return {"id": value, "name": names[field, value]}
        case list():
            return [named(each, names, field) for each in value]
        case dict():
            return {name: named(each, names, name) for name, each in value.items()}
        case _:
            return value
