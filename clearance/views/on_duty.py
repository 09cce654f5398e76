"""Until when somebody is on duty: one's own, and that of the people of one's units."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clearance import actions_duty
from clearance.forms_duty import OnDutyForm
from clearance.forms_shift import people_of
from clearance.models import OnDuty
from clearance.permissions import ENTER_DUTY
from clearance.shift_table import people_meant
from operations import clock
from operations.requests import posted_from
from people.models import Posting, User
from people.requests import OfficerRequest, signed_in
from people.views.guards import for_whom_may

from .shift import chosen_unit, filled, form_page


@posted_from("clearance:shift")
@for_whom_may(ENTER_DUTY)
def enter(request: OfficerRequest) -> HttpResponseBase:
    """Enter the ticked people, or everybody of the unit, as on duty until an hour, or take their entries back; lead
    back to the unit. Where that cannot be, the page stands as it was sent.
    """
    unit, form = chosen_unit(request), OnDutyForm(request.POST)
    everybody_of = unit if "everybody" in request.POST else None
    try:
        people = people_meant(people_of(request.POST), everybody_of, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return form_page(request, filled(request))
    if "end" in request.POST:
        messages.success(request, _ended(actions_duty.end_duty(people=people, by=request.user)))
    elif not form.is_valid() or not _enter(request, people, form):
        return form_page(request, filled(request), duty_form=form)
    return redirect(reverse("clearance:shift") + (f"?unit={unit.public_id}" if unit else ""))


def _enter(request: OfficerRequest, people: list[User], form: OnDutyForm) -> bool:
    """Return whether they were entered; if not, the form says why."""
    until = form.cleaned_data["duty_until"]
    try:
        number = actions_duty.enter_on_duty(people=people, until=until, by=request.user)
    except ValidationError as refusal:
        form.add_error("duty_until", refusal)
        return False
    messages.success(request, _entered(number))
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own(request: OfficerRequest) -> HttpResponse:
    """One's own entry, for who serves somewhere."""
    if not Posting.objects.current().filter(user=request.user).exists():
        raise PermissionDenied(_("Only who serves somewhere is on duty."))
    form = OnDutyForm(request.POST if request.method == "POST" and "end" not in request.POST else None)
    if request.method == "POST" and "end" in request.POST:
        _say(request, lambda: _ended(actions_duty.end_duty(people=[request.user], by=request.user)))
        return redirect("clearance:own_duty")
    if form.is_valid():
        try:
            actions_duty.enter_on_duty(
                people=[request.user], until=form.cleaned_data["duty_until"], by=request.user
            )
        except ValidationError as refusal:
            form.add_error("duty_until", refusal)
        else:
            messages.success(request, _("You are entered as on duty."))
            return redirect("clearance:own_duty")
    entry = OnDuty.objects.filter(person=request.user, until__gt=clock.now()).first()
    return render(request, "clearance/own_duty.html", {"form": form, "entry": entry})


def _say(request: OfficerRequest, perform: Callable[[], str]) -> None:
    try:
        messages.success(request, perform())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))


def _entered(number: int) -> str:
    text = ngettext(
        "%(number)d person is entered as on duty.", "%(number)d people are entered as on duty.", number
    )
    return text % {"number": number}


def _ended(number: int) -> str:
    if not number:
        return _("Nobody of them is entered as on duty.")
    text = ngettext("%(number)d entry was ended.", "%(number)d entries were ended.", number)
    return text % {"number": number}
