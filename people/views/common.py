"""Shared by the pages of people."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django_stubs_ext import StrOrPromise

from locales.text import written_name
from operations import proposals
from operations.history import HistoryError
from people.models import User
from people.permissions import may
from people.requests import OfficerRequest, recently, signed_in

type OfficerView = Callable[..., HttpResponseBase]


def for_whom_may(
    code: str, *, delicate: bool = False, refusal: StrOrPromise = gettext_lazy("You may not do this.")
) -> Callable[[OfficerView], OfficerView]:
    """Open a page to people who may do this somewhere; the browser never keeps it.

    `delicate` asks for the password or second factor again. `refusal`: what anybody else is told.
    """
    asked = recently if delicate else signed_in

    def decorated(view: OfficerView) -> OfficerView:
        @never_cache
        @asked
        @wraps(view)
        def checked(request: OfficerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, code):
                raise PermissionDenied(str(refusal))
            return view(request, *args, **kwargs)

        return checked

    return decorated


def name_of(person: User) -> str:
    return written_name(person, get_language() or "az")


def waiting_about_people(act: str) -> list[dict[str, Any]]:
    """Return proposals of this act that can be decided, each with the person it is about. Two queries."""
    found = list(proposals.waiting(act=act).select_related("proposed_by"))
    people = User.objects.in_bulk([each.subject_id for each in found], field_name="public_id")
    rows = [(each, people[each.subject_id]) for each in found]
    return [{"proposal": each, "person": person, "name": name_of(person)} for each, person in rows]


def asked_for(request: OfficerRequest, *, kept_as: str) -> dict[str, Any]:
    """Return the filters in the address and, as `q`, what was `searched` for; `?all` forgets it."""
    if "all" in request.GET:
        request.session.pop(kept_as, None)
    return {**request.GET.dict(), "q": request.session.get(kept_as, "")}


def searched(request: OfficerRequest, *, kept_as: str, chosen: dict[str, str], page: str) -> HttpResponse:
    """Keep what was searched for in the session and the filters in the address: a name has no place there."""
    request.session[kept_as] = chosen.pop("q", "")
    filters = urlencode({name: value for name, value in chosen.items() if value})
    return redirect(reverse(page) + (f"?{filters}" if filters else ""))


FIELDS_OF = {
    "posting_service_number": "service_number",
    "posting_no_overlap": "first_day",
    "posting_ends_after_start": "last_day",
    "leave_no_overlap": "first_day",
}  # what a history refuses, beside the field that says it


def refused(form: Form, perform: Callable[[], Any], *, trial: bool = False) -> bool:
    """Perform it, or only try it; return whether it was refused, with the words beside a field of the form."""
    try:
        with transaction.atomic():
            perform()
            transaction.set_rollback(trial)
    except HistoryError as refusal:
        field = FIELDS_OF.get(refusal.constraint, "")
        form.add_error(field if field in form.fields else None, str(refusal))
    except ValidationError as refusal:
        add_errors(form, refusal)
    else:
        return False
    return True


def add_errors(form: Form, refusal: ValidationError) -> None:
    """Add each error beside its field, where the form has it."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, ValidationError(refusal.messages))
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
