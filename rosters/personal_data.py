"""A person's own data in rosters: what an export gives out and an erasure takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Posting
from privacy.erasing_people import ACTS
from privacy.erasure import Erasure
from privacy.export import Export, words_of

from . import actions
from .columns import FIELDS
from .models import RosterImport, RosterLine
from .wording import what

State = RosterImport.State


def erase_rows(erasure: Erasure) -> None:
    """Lines that found the person, and such as name only the number or the address; with the imports of these lines that
    are not applied yet, and those of the person's agencies that nobody has checked: they may name the person.
    """
    about = Q(person__in=erasure.people)
    numbered = Posting.objects.filter(user__in=erasure.people).exclude(service_number=None)
    for agency, number in set(numbered.values_list("agency", "service_number")):
        about |= Q(person=None, roster__agency=agency, service_number=number)
    for person in erasure.people:
        if person.email:
            about |= Q(person=None, cells__email__iexact=person.email)
    lines = RosterLine.objects.filter(about)
    agencies = Posting.objects.filter(user__in=erasure.people).values("agency")
    in_file = lines.exclude(number=0).values("roster")
    naming = RosterImport.objects.exclude(state__in=actions.ENDED).filter(
        Q(pk__in=in_file) | Q(agency__in=agencies, state__in=(State.READING, State.MAPPING))
    )
    open_still = list(naming.values_list("pk", flat=True))
    erasure.remove(lines, _("Lines of your agency's rosters about you"))
    erasure.perform(
        _("Rosters of your agency that are not applied yet: cancelled, with their files"), len(open_still),
        lambda: actions.cancel_rosters_of_erased(rosters=open_still, by=erasure.by),
    )  # fmt: skip
    handed_in = RosterImport.objects.filter(by__in=erasure.people)
    erasure.clear(handed_in.exclude(file_name=""), _("Names of files you handed in"), file_name="")
    erasure.keep(
        handed_in,
        _("Which rosters a person whose name was erased handed in"),
        ACTS,
        "by",
        "stored",
        "headings",
    )


def export_rows(export: Export) -> None:
    """Give out the lines about the person, and the files the person handed in."""
    lines = RosterLine.objects.filter(person__in=export.people).order_by("pk")
    shown = {
        "number": pgettext_lazy("roster", "line"), "kind": _("what it would change"),
        "cells": _("what it says"), "service_number": _("service number"),
        "before": _("before"), "after": _("after"), "errors": _("errors"),
    }  # fmt: skip
    say: Any = {"cells": _cells, "errors": _errors}
    title = _("Lines of your agency's rosters about you")
    export.rows(lines, title, shown, say=say, kept=("before", "after"))
    imports = RosterImport.objects.filter(by__in=export.people).order_by("uploaded_at", "pk")
    shown = {"file_name": _("file"), "agency": _("agency"), "uploaded_at": _("handed in on")}
    export.rows(imports, _("Rosters you handed in"), shown)


def _cells(cells: Mapping[str, Any]) -> str:
    """Return what a line says, under the headings of the template."""
    said = [f"{FIELDS.get(name, name)}: {words_of(value)}" for name, value in cells.items() if value]
    return ", ".join(said)


def _errors(errors: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(map(what, errors))
