"""Many questions at once: the form, the table, its export, and taking its yeses over as decisions."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clearance import actions_shift, permissions, shift_table, words_shift
from clearance.case_reference import trace_of
from clearance.forms import CaseForm
from clearance.forms_duty import OnDutyForm
from clearance.forms_shift import ShiftForm, people_of, ticked
from clearance.models import DutyFunction, OnDuty
from clearance.shift_table import ShiftTable
from locales.text import written_name
from operations import clock, spreadsheets
from operations.ids import public_id
from operations.limits import limited
from operations.requests import posted_from
from people.models import Unit
from people.requests import OfficerRequest, recently, signed_in

LISTS, AN_HOUR = 60, 3600
PLURALS = {"one": 1, "few": 2, "many": 5}  # as browsers call the forms of our languages: a number of each
DOWNLOADS = {"csv": spreadsheets.csv_download, "xlsx": spreadsheets.xlsx_download}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def shift(request: OfficerRequest) -> HttpResponse:
    """Ask for many. What is sent names people, so the answer stands on the page that was sent, not at an address."""
    actions_shift.refuse_others(request.user)
    if request.method != "POST":
        return form_page(request, ShiftForm(by=request.user))
    if "change" in request.POST:
        return form_page(request, filled(request))
    form = ShiftForm(request.POST, by=request.user)
    instant = form.cleaned_data["at"] or clock.now() if form.is_valid() else clock.now()
    chosen, errors = _chosen(request, form, instant)
    if not chosen and not errors and "numbers" not in form.errors:
        form.add_error(None, _("Tick at least one person, or enter service numbers."))
    elif len(chosen) > shift_table.MOST_PEOPLE:
        form.add_error(None, _("At most 500 people at once."))
    if errors or not form.is_valid():
        return form_page(request, form, errors)
    return _table(request, form, _answers(request, form, chosen, instant))


@never_cache
@posted_from("clearance:shift")
@signed_in
def take(request: OfficerRequest) -> HttpResponse:
    """Take the yeses of the table over as decisions: each that is cleared, or whose conditions are all ticked."""
    form, table = _sent_table(request)
    case_form = CaseForm(request.POST)
    if not case_form.is_valid():
        return _table(request, form, table, case_form)
    case = case_form.cleaned_data["case"]
    questions = [
        actions_shift.TableQuestion(
            person=row.person.public_id,
            function=cell.function.code,
            confirmed=cell.evaluation.conditions,
            case=trace_of(case) if case else None,
        )
        for row in table.rows
        for cell in row.cells
        if cell.evaluation.answer in shift_table.TAKEN
        and set(cell.evaluation.conditions)
        <= set(ticked(request.POST, row.person.public_id, cell.function.code))
    ]
    if not questions:
        messages.error(request, _("Nobody was cleared: confirm conditions, or ask about others."))
        return _table(request, form, table, case_form)
    asked: dict[str, Any] = {
        "questions": questions, "instant": form.cleaned_data["at"], "nonce": form.cleaned_data["nonce"],
        "by": request.user,
    }  # fmt: skip
    if len(questions) > actions_shift.AT_ONCE:
        return redirect("jobs:one", actions_shift.start_take_over(**asked).public_id)
    taken = actions_shift.take_over(**asked)
    number = len(taken.decisions)
    said = ngettext(
        "%(number)d answer became a decision with its receipt.",
        "%(number)d answers became decisions with their receipts.",
        number,
    )
    messages.success(request, said % {"number": number})
    if taken.changed:
        messages.warning(request, actions_shift.changed_text(taken.changed))
    return redirect("clearance:decisions")


@never_cache
@require_POST
@recently
def export(request: OfficerRequest, form: str) -> HttpResponseBase:
    """Send the table as CSV or XLSX. Names leave the system: an entry in the trail says so."""
    if form not in DOWNLOADS:
        raise Http404
    _sent, table = _sent_table(request)
    heads, rows = words_shift.export_rows(table)
    functions = [function.code for function in table.functions]
    actions_shift.export_table(people=len(table.rows), functions=functions, by=request.user)
    return DOWNLOADS[form](f"{_('clearance')}-{clock.today():%Y-%m-%d}.{form}", heads, rows)


def _sent_table(request: OfficerRequest) -> tuple[ShiftForm, ShiftTable]:
    """Return the table that a page carries along, answered anew."""
    actions_shift.refuse_others(request.user)
    form = ShiftForm(request.POST, by=request.user)
    people = people_of(request.POST)
    if not form.is_valid() or not form.cleaned_data["nonce"] or len(people) > shift_table.MOST_PEOPLE:
        raise Http404
    return form, _answers(request, form, people, form.cleaned_data["at"] or clock.now())


def _answers(request: OfficerRequest, form: ShiftForm, people: list[str], instant: datetime) -> ShiftTable:
    functions = list(DutyFunction.objects.filter(code__in=form.cleaned_data["functions"]).order_by("number"))
    return shift_table.table_of(people, functions, by=request.user, instant=instant)


def filled(request: OfficerRequest) -> ShiftForm:
    """Return the form as it was before the table."""
    sent = request.POST
    return ShiftForm(
        by=request.user,
        initial={
            "functions": sent.getlist("functions"),
            "at": sent.get("at", ""),
            "numbers": sent.get("numbers", ""),
        },
    )


def _chosen(
    request: OfficerRequest, form: ShiftForm, instant: datetime
) -> tuple[list[str], list[shift_table.LineError]]:
    """Return who is meant, and what is wrong with the lines of the list."""
    chosen = people_of(request.POST)
    unit = chosen_unit(request)
    if "everybody" in request.POST and unit is not None:
        postings = shift_table.people_of_unit(unit.pk, by=request.user, instant=instant)
        chosen += [posting.user.public_id for posting in postings]
    numbers = form.cleaned_data.get("numbers", "")
    if numbers and limited(f"shift lists:{request.user.public_id}", LISTS, AN_HOUR):
        form.add_error(
            "numbers", _("Too many lists were sent within an hour. Tick people, or try again later.")
        )
        return chosen, []
    found, errors = shift_table.people_of_numbers(numbers, by=request.user, instant=instant)
    return list(dict.fromkeys([*chosen, *found])), errors


def chosen_unit(request: OfficerRequest) -> Unit | None:
    """Return the unit that was chosen, of those one asks for; without a choice the first."""
    units = permissions.units_asked_for(request.user).select_related("agency")
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    return units.filter(public_id=wanted).first() or units.order_by("pk").first()


def form_page(
    request: OfficerRequest,
    form: ShiftForm,
    errors: list[shift_table.LineError] | None = None,
    duty_form: OnDutyForm | None = None,
) -> HttpResponse:
    """Return the page with what was sent: units, ticks, and both forms."""
    now, unit = clock.now(), chosen_unit(request)
    duty_form = duty_form or OnDutyForm(initial={"duty_until": request.POST.get("duty_until", "")})
    postings = shift_table.people_of_unit(unit.pk, by=request.user, instant=now) if unit else []
    serving = [posting.user_id for posting in postings]
    on_duty = dict(OnDuty.objects.filter(person__in=serving, until__gt=now).values_list("person", "until"))
    ticks = set(people_of(request.POST))
    context = {
        "form": form,
        "duty_form": duty_form,
        "everybody": "everybody" in request.POST,
        "line_errors": errors or (),
        "summary": [
            *[{"href": "#id_numbers", "text": _line(error)} for error in errors or ()][:10],
            *[{"href": "#id_duty_until", "text": text} for text in duty_form.errors.get("duty_until", ())],
        ],
        "now": now,
        "unit": unit,
        "units": permissions.units_asked_for(request.user).order_by("pk"),
        "people": [
            {
                "posting": posting,
                "name": written_name(posting.user, request.LANGUAGE_CODE),
                "away": shift_table.is_away(posting, now),
                "on_duty_until": on_duty.get(posting.user_id),
                "own": shift_table.is_own(request.user, posting.user),
                "ticked": posting.user.public_id in ticks,
            }
            for posting in postings[: shift_table.MOST_PEOPLE]
        ],
        "button": {form: _answers_to_get(number) for form, number in PLURALS.items()},
        "more": len(postings) > shift_table.MOST_PEOPLE,
    }
    return render(request, "clearance/shift.html", context)


def _answers_to_get(number: int) -> str:
    """Return the words of the button in the plural form of a number; a script puts the number in."""
    return ngettext("Get %(number)s answer", "Get %(number)s answers", number) % {"number": "{n}"}


def _line(error: shift_table.LineError) -> str:
    return _("Line %(line)d: %(text)s") % {"line": error.line, "text": error.text}


def _table(
    request: OfficerRequest, form: ShiftForm, table: ShiftTable, case_form: CaseForm | None = None
) -> HttpResponse:
    rows = words_shift.rows_of(table)
    open_cells = [(each.row, cell) for each in rows for cell in each.cells if cell.asked]
    cleared = table.count(shift_table.TAKEN[0])
    context = {
        "form": form,
        "case_form": case_form or CaseForm(),
        "table": table,
        "rows": rows,
        "tally": words_shift.tally_of(table),
        "open_cells": open_cells,
        "confirmed": set(request.POST.getlist("confirmed")),
        "cleared": cleared,
        "takable": cleared + len(open_cells),
        "advised": any(cell.advised for each in rows for cell in each.cells),
        "people": " ".join(row.person.public_id for row in table.rows),
        "at": request.POST.get("at", ""),
        "unit": request.POST.get("unit", ""),
        "nonce": form.cleaned_data["nonce"] or public_id(),
    }
    return render(request, "clearance/shift_answer.html", context)
