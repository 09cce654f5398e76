"""Appeals, for the assessors who decide them. Whose exam it was they are not told."""

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from assessments import actions_appeals as actions
from assessments.appeals import DECIDE, waiting_proposal
from assessments.forms_appeals import DECIDED, SECOND, WAITING, AnnulForm, AppealFilter, UpholdForm
from assessments.models import Appeal, WhyOtherwise
from assessments.permissions import DECIDE_APPEALS, visible_appeals
from operations import proposals
from operations.confirmation import FormPage, ask_then_act
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may

PAGE = 25
NOT_YOURS = gettext_lazy("Appeals are decided by an assessor who had no part in the exam.")
for_assessors = for_whom_may(DECIDE_APPEALS, refusal=NOT_YOURS)


@require_safe
@for_assessors
def appeals(request: OfficerRequest) -> HttpResponseBase:
    """List what waits, the oldest first; then what is decided, the newest first."""
    form = AppealFilter(request.GET)
    chosen = form.chosen()
    page = Paginator(_listed(request, chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "filtered": any(chosen.values()),
        "section": "appeals",
    }
    return render(request, "assessments/appeals.html", context)


def _listed(request: OfficerRequest, chosen: dict[str, str]) -> QuerySet[Appeal]:
    proposed = proposals.waiting(act=DECIDE).filter(subject_id=OuterRef("public_id"))
    queryset = visible_appeals(request.user).annotate(proposed=Exists(proposed.order_by()))
    if chosen["state"] in {WAITING, SECOND}:
        queryset = queryset.filter(decision=None, proposed=chosen["state"] == SECOND)
    elif chosen["state"] == DECIDED:
        queryset = queryset.filter(decision__isnull=False)
    if chosen["category"]:
        queryset = queryset.filter(category=chosen["category"])
    queryset = queryset.select_related("decision", "attempt__blueprint")
    newest = F("decision__decided_at").desc(nulls_first=True)
    return queryset.order_by(newest, "received_at", "pk")


def found(request: OfficerRequest, public_id: str) -> Appeal:
    """Return an appeal on which who asks has a word; 404 for any other, as if there were none."""
    queryset = visible_appeals(request.user).filter(public_id=public_id)
    related = ("decision__decided_by", "attempt__blueprint", "attempt__blueprint_version", "attempt__marking")
    appeal = queryset.select_related(*related).first()
    if appeal is None:
        raise Http404
    return appeal


def crumbs(appeal: Appeal | None = None) -> list[dict[str, str]]:
    way = [{"text": _("Appeals"), "href": reverse("assessor:appeals")}]
    if appeal is not None:
        href = reverse("assessor:appeal", args=[appeal.public_id])
        way.append({"text": str(appeal.get_category_display()), "href": href})
    return way


@require_safe
@for_assessors
def appeal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    one = found(request, public_id)
    decided = getattr(one, "decision", None)
    waiting = None if decided else waiting_proposal(one)
    context = {
        "appeal": one,
        "decided": decided,
        "waiting": waiting,
        "can_decide": not (decided or waiting),
        "seen": one.seen.select_related("by").order_by("seen_at"),
        "has_seen": one.seen.filter(by=request.user).exists(),
        "crumbs": crumbs(),
        "section": "appeals",
    }
    return render(request, "assessments/appeal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_assessors
@recently_to_change
def uphold(request: OfficerRequest, public_id: str) -> HttpResponse:
    one = found(request, public_id)
    if request.method != "POST" and one.is_decided:
        return redirect("assessor:appeal", public_id)
    form = UpholdForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        actions.uphold_result(appeal=one, words=form.cleaned_data["words"], by=request.user)
        return _("Decided: the result stands. A letter goes to the person.")

    def points() -> list[StrOrPromise]:
        return [form.cleaned_data["words"], _("The person reads these words. It cannot be taken back.")]

    page = _form_page(one, _("The result stands"))
    return ask_then_act(request, form, page, points=points, perform=perform)


@require_http_methods(["GET", "HEAD", "POST"])
@for_assessors
@recently_to_change
def annul(request: OfficerRequest, public_id: str) -> HttpResponse:
    one = found(request, public_id)
    if request.method != "POST" and one.is_decided:
        return redirect("assessor:appeal", public_id)
    form = AnnulForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        actions.propose_annulment(appeal=one, reason=form.cleaned_data["reason"], by=request.user)
        return _("Proposed. Another person must confirm before anything changes.")

    def points() -> list[StrOrPromise]:
        reason = WhyOtherwise(form.cleaned_data["reason"]).label
        return [
            _("Reason category: %(reason)s.") % {"reason": reason},
            _("Once another assessor confirms, the exam counts neither as passed nor as failed."),
            _("The person may sit again as soon as there are new cases, or an assessor allows an old one."),
            _("A certificate does not end by itself: registrars decide about it."),
        ]

    page = _form_page(one, _("Annul the exam"))
    return ask_then_act(request, form, page, points=points, perform=perform)


def _form_page(one: Appeal, title: str) -> FormPage:
    return FormPage(
        title=title, button=_("Continue"), back=reverse("assessor:appeal", args=[one.public_id]),
        crumbs=crumbs(one),
    )  # fmt: skip
