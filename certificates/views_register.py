"""The register of registrars and auditors."""

import csv
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations import clock, proposals
from operations.requests import prefers_json
from operations.searched_lists import asked_for, search_chip, searched
from operations.spreadsheets import no_formula
from people.permissions import may
from people.requests import OfficerRequest, recently
from people.views.guards import for_whom_may

from . import actions, doubts, permissions, register
from .acts import acts
from .corrections import CORRECT
from .documents import files_of, is_being_made
from .forms import RegisterFilter
from .forms_life import AsOfForm
from .models import Certificate, Complaint, EventAppeal
from .recognition import RECOGNISE
from .register_page import (
    as_of,
    certificate_page,
    history_of,
    way_up,
    what_may_be_corrected,
    what_may_be_done,
    whose_training,
)
from .views import summary

A_PAGE = 50
for_the_register = for_whom_may(
    permissions.REGISTER, refusal=gettext_lazy("The register is for registrars and auditors.")
)
SEARCHED = "register_searched"  # in the session: a name has no place in an address


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
def certificates(request: OfficerRequest) -> HttpResponseBase:
    """The list. Filters stand in the address, what was searched for does not: it is sent and kept apart."""
    if request.method == "POST":
        chosen = RegisterFilter(request.POST).chosen()
        return searched(request, kept_as=SEARCHED, chosen=chosen, page="certificates:register")
    form = RegisterFilter(asked_for(request, kept_as=SEARCHED))
    chosen = form.chosen()
    page = Paginator(_queryset(chosen), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "chosen": {name: value for name, value in chosen.items() if value},
        "found": search_chip(chosen["q"], chosen, page="certificates:register"),
        "page": page,
        "rows": [summary(certificate) for certificate in page],
        "waiting": proposals.waiting().filter(act__in=[*acts, CORRECT, RECOGNISE]).count(),
        "can_recognise": may(request.user, permissions.PROPOSE_RECOGNITION),
        "in_doubt": doubts.waiting().count(),
        "to_answer": Complaint.objects.waiting().count() + EventAppeal.objects.waiting().count(),
        "section": "register",
    }
    return render(request, "certificates/register.html", context)


def _queryset(chosen: dict[str, str]) -> QuerySet[Certificate]:
    return register.search(
        text=chosen["q"], state=chosen["state"], qualification=chosen["qualification"], now=clock.now()
    )


@require_POST
@for_the_register
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    """Send what the filters find as a file: a POST, because it leaves an entry in the audit trail."""
    chosen = RegisterFilter(request.POST).chosen()
    rows = actions.export_register(queryset=_queryset(chosen), filters=chosen, by=request.user)
    response = HttpResponse(
        "\ufeff",  # by which spreadsheets tell UTF-8
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="certificates.csv"'},
    )
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [
            _("Certificate number"), _("Qualification"), _("Holder"), _("State"), _("Valid from"), _("Last day"),
            _("Earned by"),
        ]
    )  # fmt: skip
    writer.writerows(_cells(summary(certificate)) for certificate in rows)
    return response


def _cells(row: dict[str, Any]) -> Iterable[str]:
    qualification = row["certificate"].qualification_version.qualification
    name = (row["certificate"].bearer.names or {}).get("Latn", "")
    texts = [row["code"], qualification.code, name, str(row["state"])]
    way = _("other training, recognised") if row["certificate"].is_recognised else _("what the rules require")
    days = [row["first_day"].isoformat(), row["last_day"].isoformat()]
    return [*map(no_formula, texts), *days, way]


@require_safe
@for_the_register
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One certificate of the register: its state now or on a day, its files, what may be done, what happened.

    A script asks for JSON while a file is being made: {"ready": true} once none is.
    """
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=public_id)
    if prefers_json(request):
        return JsonResponse({"ready": not is_being_made(certificate)})
    asked = AsOfForm(request.GET if "on" in request.GET else None)
    context = {
        **certificate_page(request, certificate),
        "files": files_of(certificate) if permissions.can_take_documents(request.user) else None,
        "acts": what_may_be_done(request.user, certificate),
        "recognisable": whose_training(request.user, certificate),
        "corrections": what_may_be_corrected(request.user, certificate),
        "can_complain": permissions.can_complain(request.user, certificate),
        "complaints": certificate.complaints.order_by("pk"),
        "appeals": EventAppeal.objects.filter(event__certificate=certificate).order_by("pk"),
        "doubts": certificate.award.doubts.select_related("decided_by").order_by("pk"),
        "history": history_of(certificate),
        "as_of_form": asked,
        "as_of": as_of(certificate, asked),
        "crumbs": way_up(),
    }
    return render(request, "certificates/one.html", context)
