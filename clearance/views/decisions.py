"""One's own decisions: a list with filters, and the same as CSV."""

import csv
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clearance import actions, permissions, receipts, words
from clearance.forms import DecisionFilter
from clearance.models import Decision
from operations import clock
from operations.spreadsheets import no_formula
from people.requests import OfficerRequest, recently, signed_in

from .desk import who_of

PAGE = 25
KINDS = {"cleared": "ok", "conditions": "warn", "not": "bad", "unknown": "none"}


@never_cache
@require_safe
@signed_in
def decisions(request: OfficerRequest) -> HttpResponse:
    form, queryset = _filtered(request, request.GET)
    page = Paginator(queryset, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(decision) for decision in page],
        "filtered": any(request.GET.get(name) for name in form.fields),
        "chosen": [(name, request.GET[name]) for name in form.fields if request.GET.get(name)],
    }
    return render(request, "clearance/decisions.html", context)


@never_cache
@require_POST
@recently
def decisions_csv(request: OfficerRequest) -> HttpResponseBase:
    """UTF-8 with a byte order mark, as spreadsheets expect it. A POST: it leaves an entry in the audit trail."""
    form, queryset = _filtered(request, request.POST)
    if form.errors:
        filters = {name: request.POST.get(name, "") for name in form.fields}
        return redirect(f"{reverse('clearance:decisions')}?{urlencode(filters)}")
    actions.export_decisions(queryset=queryset, by=request.user)
    lines = _in_language(get_language(), _lines(queryset))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="decisions-{clock.today().isoformat()}.csv"'
    return response


def _filtered(request: OfficerRequest, sent: QueryDict) -> tuple[DecisionFilter, QuerySet[Decision]]:
    if not permissions.can_ask(request.user):
        raise PermissionDenied(_("Only duty officers and coordinators ask for a clearance."))
    queryset = permissions.visible_to(request.user).filter(asked_by=request.user)
    form = DecisionFilter(sent)
    if not form.is_valid():
        return form, queryset.none()
    chosen = form.cleaned_data
    if chosen.get("answer"):
        queryset = queryset.filter(answer=chosen["answer"])
    if chosen.get("function"):
        queryset = queryset.filter(function__code=chosen["function"])
    if chosen.get("since"):
        queryset = queryset.filter(asked_at__gte=clock.start_of(chosen["since"]))
    if chosen.get("until"):
        queryset = queryset.filter(asked_at__lt=clock.end_of(chosen["until"]))
    return form, queryset.select_related("function").order_by("-asked_at", "-pk")


def _row(decision: Decision) -> dict[str, object]:
    verdict = words.VERDICTS[decision.answer]
    return {
        "decision": decision,
        "who": who_of(decision),
        "title": verdict.title,
        "kind": KINDS[verdict.state],
    }


def _in_language(language: str | None, lines: Iterator[str]) -> Iterator[str]:
    """Lines are made while they are sent, when the request's language may be gone."""
    with override(language):
        yield from lines


class _Echo:
    def write(self, value: str) -> str:
        return value


def _lines(queryset: QuerySet[Decision]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    heads = [_("Asked"), _("Time asked about"), _("Function"), _("Service number"), _("Name"), _("Answer"),
             _("Until"), _("Receipt")]  # fmt: skip
    yield writer.writerow(heads)
    for decision in queryset.iterator(chunk_size=500):
        who = who_of(decision)
        cells = [
            _time(decision.asked_at), _time(decision.instant), str(decision.function),
            who["service_number"], who["name"], str(words.VERDICTS[decision.answer].title),
            _time(decision.until) if decision.until else "", receipts.url_of(decision.public_id),
        ]  # fmt: skip
        yield writer.writerow([no_formula(cell) for cell in cells])


def _time(instant: datetime) -> str:
    return f"{instant.astimezone(clock.BAKU):%Y-%m-%d %H:%M}"
