"""A person's appeal against the result of their own exam."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_stubs_ext import StrOrPromise

from assessments.actions_appeals import make_appeal
from assessments.appeals import is_open_to_appeal, last_day_of_appeal
from assessments.forms_appeals import AppealForm
from assessments.models import Appeal
from assessments.results import result_url
from locales.dates import day_text
from operations import clock
from operations.confirmation import FormPage, ask_then_act
from people.requests import OfficerRequest, signed_in

from .access import after, own


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def make(request: OfficerRequest, public_id: str) -> HttpResponse:
    """Ask what it is about, say what will happen, then pass it on. Where it is too late the result says so."""
    attempt = own(request, public_id)
    if attempt.closed_at is None:
        return redirect("assessments:attempt", public_id)
    if Appeal.objects.filter(attempt=attempt).exists() or not is_open_to_appeal(attempt, clock.now()):
        return after(attempt)
    form = AppealForm(request.POST if request.method == "POST" else None)
    page = FormPage(
        title=_("Appeal against the result"),
        button=_("Continue"),
        back=result_url(attempt),
        text=_("Until %(day)s you can appeal once. You need to give no reason other than the category.")
        % {"day": day_text(last_day_of_appeal(attempt))},
    )

    def perform() -> str:
        make_appeal(attempt=attempt, by=request.user, **form.cleaned_data)
        return _("Your appeal has arrived. We write to you as soon as it is decided.")

    return ask_then_act(
        request, form, page, points=_points, perform=perform, question=_("Appeal against this result?")
    )


def _points() -> list[StrOrPromise]:
    return [
        _("It is decided by an assessor who had no part in the exam: neither you, nor your supervisor."),
        _("Only assessors who decide the appeal see your answers, and it is recorded that they saw them."),
        _(
            "The result can stand, the marks can be corrected, or the exam does not count and you "
            "sit it again."
        ),
        _(
            "Corrected marks can be higher or lower. A certificate does not end by itself: registrars "
            "decide about it."
        ),
        _("You can appeal once against this result. It cannot be taken back."),
    ]
