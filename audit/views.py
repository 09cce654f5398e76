"""The audit trail: for auditors, and for everybody the part about themselves."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations import audit
from operations.models import AuditEntry, AuditValue
from operations.pagination import keyset
from operations.searched_lists import MARK, asked_for, search_chip, searched, searched_text
from people.models import User
from people.requests import OfficerRequest, recently, signed_in
from people.views.guards import for_whom_may

from .actions import export_audit
from .entry_lines import facts_of, lines_of
from .export import WRITERS
from .forms import FILTERS, TrailFilter
from .parts import TrailPart, parts
from .permissions import READ_AUDIT
from .search import ORDER, matching

MOST_VALUES = 200  # that the page of an entry shows; the file has all
SEARCHED = "audit_searched"  # in the session: a name has no place in an address

for_auditors = for_whom_may(READ_AUDIT, refusal=gettext_lazy("The audit trail is for auditors."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_auditors
def entries(request: OfficerRequest) -> HttpResponseBase:
    """Show the list. Filters stand in the address, whom one searched for does not."""
    if request.method == "POST":
        return _search(request)
    return _shown(request, TrailFilter(asked_for(request, kept_as=SEARCHED)))


def _shown(request: OfficerRequest, form: TrailFilter) -> HttpResponse:
    """Show what the filters find, or what is wrong with one of them."""
    asked = matching(form.chosen()) if form.is_valid() else AuditEntry.objects.none()
    page = keyset(asked, order=ORDER, token=request.GET.get("page", ""))
    context = {
        "form": form,
        "found": search_chip(form.searched(), form.in_address(), page="audit:audit"),
        "filters": form.in_address() | ({MARK: "yes"} if form.searched() else {}),
        "filtered": bool(form.in_address() or form.searched()),
        "page": page,
        "rows": lines_of(page.rows, most=0),
        "section": "audit",
    }
    return render(request, "audit/audit.html", context)


def _search(request: OfficerRequest) -> HttpResponse:
    form = TrailFilter(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    chosen = {**form.in_address(), "q": form.searched()}
    return searched(request, kept_as=SEARCHED, chosen=chosen, page="audit:audit")


@require_safe
@for_auditors
def entry(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show one entry with everything in it, and whether it still is what was written."""
    kept = get_object_or_404(AuditEntry.objects.select_related("by"), public_id=public_id)
    [line] = lines_of([kept], most=MOST_VALUES)
    values = AuditValue.objects.filter(entry=kept).exclude(field=audit.WHY)
    context = {
        "line": line,
        "more": values.count() - len(line.changes),
        "facts": facts_of(kept),
        "stands": audit.stands(kept),
        "crumbs": [{"text": _("Audit trail"), "href": reverse("audit:audit")}],
        "section": "audit",
    }
    return render(request, "audit/audit_entry.html", context)


@require_POST
@for_auditors
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    """Start a job that makes a file of what the filters find, and lead to its page."""
    form = TrailFilter({**request.POST.dict(), "q": searched_text(request, kept_as=SEARCHED)})
    file_format = request.POST.get("form", "")
    if file_format not in WRITERS:
        raise Http404
    if not form.is_valid():
        filters = urlencode({name: request.POST.get(name, "") for name in FILTERS})
        return redirect(f"{reverse('audit:audit')}?{filters}")
    job = export_audit(chosen=form.chosen(), form=file_format, by=request.user)
    messages.success(request, _("The file is being made. You can download it here as soon as it is ready."))
    return redirect("jobs:one", job.public_id)


@require_safe
@never_cache
@signed_in
def mine(request: OfficerRequest) -> HttpResponseBase:
    """Show what was written about the person who reads: changes, and who asked."""
    context = {**_part_of(request, parts, request.user), "section": "account"}
    return render(request, "audit/my_trail.html", context)


@require_safe
@for_auditors
def of_person(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show an auditor what was written about a person: the same parts as the person reads, and who decided."""
    person = get_object_or_404(User.objects.people(), public_id=public_id).surviving
    whole = {code: part.read_by_auditors() for code, part in parts.items()}
    context = {
        **_part_of(request, whole, person),
        "person": person,
        "crumbs": [{"text": _("Audit trail"), "href": reverse("audit:audit")}],
        "section": "audit",
    }
    return render(request, "audit/trail_of_person.html", context)


def _part_of(request: OfficerRequest, offered: Mapping[str, TrailPart], person: User) -> dict[str, Any]:
    """Return the part that was asked for, a page of it."""
    part = offered.get(request.GET.get("part", "record"))
    if part is None:
        raise Http404
    page = keyset(part.rows(person), order=part.order, token=request.GET.get("page", ""))
    return {"parts": offered.values(), "part": part, "page": page, "rows": part.lines(page.rows, person)}
