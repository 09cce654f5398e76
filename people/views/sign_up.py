"""Asking to be let in, where the settings list domains of agencies; and the coordinator's answer."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from operations.limits import limited
from people import actions
from people.actions import sign_ups
from people.errands_sign_up import SALT
from people.forms_sign_up import DecideForm, SignUpForm, agency_code_of
from people.models import Agency, SignUpRequest
from people.permissions import agencies_where
from people.requests import OfficerRequest, recently, signed_in

DECIDE = "people.decide_sign_up"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("clearance:home")
    if not settings.SIGN_UP_DOMAINS:
        return render(request, "account/signup_closed.html")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        address = get_adapter().get_client_ip(request)
        agency = Agency.objects.filter(code=agency_code_of(form.cleaned_data["email"])).first()
        too_often = limited(f"sign-up:{address}", 100, 3600) or limited(
            f"sign-up:to:{form.cleaned_data['email'].casefold()}", 3, 3600
        )
        if agency is not None and not too_often:
            sign_ups.ask_to_be_let_in(
                agency=agency, language=get_language() or "az", by=None, **form.cleaned_data
            )
        return render(request, "people/ways_in/asked.html")
    return render(request, "people/ways_in/sign_up.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of the letter; mail filters only look, so a button sends it."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=sign_ups.LASTING)
    except signing.BadSignature:
        return render(request, "people/ways_in/closed.html", status=410)
    found = SignUpRequest.objects.filter(public_id=public_id, outcome=None).select_related("agency").first()
    if found is None:
        return render(request, "people/ways_in/closed.html", status=410)
    if request.method == "POST":
        sign_ups.confirm_sign_up(request=found, by=None)
    return render(request, "people/ways_in/confirm.html", {"done": request.method == "POST", "asked": found})


@never_cache
@require_safe
@signed_in
def requests(request: OfficerRequest) -> HttpResponse:
    agencies = agencies_where(request.user, DECIDE)
    if not agencies.exists():
        raise PermissionDenied(_("Only coordinators let people in."))
    found = SignUpRequest.objects.filter(outcome=None, confirmed_at__isnull=False, agency__in=agencies)
    rows = found.select_related("agency").order_by("asked_at", "pk")[:100]
    return render(request, "people/ways_in/requests.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def decide(request: OfficerRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(
        SignUpRequest.objects.select_related("agency"), public_id=public_id, confirmed_at__isnull=False,
        agency__in=agencies_where(request.user, DECIDE),
    )  # fmt: skip
    declined = "decline" in request.POST
    form = DecideForm(request.POST if request.method == "POST" and not declined else None, request=found)
    try:
        if declined:
            sign_ups.decline_sign_up(request=found, by=request.user)
            messages.success(request, _("The request is declined."))
            return redirect("people:sign_ups")
        if form.is_valid():
            actions.approve_sign_up(request=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The person is entered and invited by e-mail."))
            return redirect("people:sign_ups")
    except ValidationError as error:
        form.add_error(None, error) if form.is_bound else messages.error(request, " ".join(error.messages))
    return render(request, "people/ways_in/decide.html", {"form": form, "found": found})
