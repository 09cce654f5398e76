"""Accounts, as administrators keep and auditors read them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from django_stubs_ext import StrOrPromise

from accounts.actions.accounts import close_account, open_account, sign_out_everywhere
from accounts.actions.second_factor import reset_second_factor
from accounts.people_extensions import resets_waiting
from accounts.permissions import can_deactivate, can_propose_reset, can_reset_second_factor
from accounts.second_factor import has_second_factor
from operations.form_errors import refused
from operations.form_fields import ListFilter
from operations.pagination import keyset
from operations.searched_lists import asked_for, search_chip, searched
from people import search
from people.forms.positions import ReasonForm
from people.models import Grant, Posting, User
from people.names import name_of
from people.notification_text import how_told
from people.permissions import may, where_may
from people.requests import OfficerRequest
from people.views.grants import row
from people.views.guards import for_whom_may

SEARCHED = "accounts_searched"
STATES = [("open", pgettext_lazy("account", "open")), ("closed", pgettext_lazy("account", "closed"))]


class AccountFilter(ListFilter):
    q = forms.CharField(
        label=gettext_lazy("Name, service number or e-mail address"), required=False, max_length=80
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *STATES]
    )
    holders = forms.BooleanField(label=gettext_lazy("Only those who hold a position"), required=False)


@dataclass(frozen=True)
class AccountAction:
    """A change of an account that an administrator may make, in words."""

    perform: Callable[..., None]
    title: StrOrPromise
    points: tuple[StrOrPromise, ...]
    button: StrOrPromise
    done: StrOrPromise
    harm: bool = True


CHANGES = {
    "close": AccountAction(
        close_account,
        gettext_lazy("Close this account?"),
        (
            gettext_lazy("Every session is over at once, and nobody signs in with it any more."),
            gettext_lazy("Its positions are suspended; postings, certificates and history stay as they are."),
            gettext_lazy("You can open it again at any time."),
        ),
        gettext_lazy("Close the account"),
        gettext_lazy("The account is closed. You can open it again here."),
    ),
    "open": AccountAction(
        open_account,
        gettext_lazy("Open this account again?"),
        (
            gettext_lazy("The person signs in as before."),
            gettext_lazy("Positions that have not ended are in force again."),
        ),
        gettext_lazy("Open the account"),
        gettext_lazy("The account is open again."),
        harm=False,
    ),
    "second-step": AccountAction(
        reset_second_factor,
        gettext_lazy("Remove the second step?"),
        (
            gettext_lazy(
                "First make sure that it is the person who asks: face to face, or by a known "
                "telephone number."
            ),
            gettext_lazy(
                "All apps, passkeys and recovery codes of this person are removed, and every session is over."
            ),
            gettext_lazy("The password stays. The person sets up another second step at the next sign-in."),
        ),
        gettext_lazy("Remove the second step"),
        gettext_lazy("The second step is removed. The person sets up another one at the next sign-in."),
    ),
    "sign-out": AccountAction(
        sign_out_everywhere,
        gettext_lazy("Sign out everywhere?"),
        (
            gettext_lazy(
                "Every session on every device is over at once: for example after a lost telephone."
            ),
            gettext_lazy("Answers already saved on a device are not lost."),
            gettext_lazy("The person can sign in again with password and second step."),
        ),
        gettext_lazy("Sign out everywhere"),
        gettext_lazy("All sessions of this person are over."),
    ),
}
ANNOUNCED = ("open", "second-step")  # the person hears of it, where mail reaches them


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("accounts.see_accounts")
def accounts(request: OfficerRequest) -> HttpResponseBase:
    if request.method == "POST":
        chosen = AccountFilter(request.POST).chosen()
        return searched(request, kept_as=SEARCHED, chosen=chosen, page="accounts:accounts")
    form = AccountFilter(asked_for(request, kept_as=SEARCHED))
    chosen = form.chosen()
    queryset: QuerySet[User] = User.objects.current()
    if chosen["q"]:
        queryset = search.among(queryset, chosen["q"], where_may(request.user, "accounts.see_accounts"))
    if chosen["state"]:
        queryset = queryset.filter(is_active=chosen["state"] == "open")
    if chosen["holders"]:
        queryset = queryset.filter(pk__in=Grant.objects.live_or_coming().values("person"))
    page = keyset(queryset, order=("sort_name", "pk"), token=request.GET.get("page", ""))
    positions = _positions(page.rows)
    rows = [
        {"person": each, "name": name_of(each), "positions": positions.get(each.pk, "")} for each in page.rows
    ]
    context = {"form": form, "chosen": any(chosen.values()), "page": page, "rows": rows}
    context["waiting"] = resets_waiting(request.user)
    context["found"] = search_chip(chosen["q"], chosen, page="accounts:accounts")
    return render(request, "accounts/accounts.html", context)


def _positions(people: list[User]) -> dict[int, str]:
    """Return the live positions of each, in words."""
    positions: dict[int, list[str]] = {}
    for grant in Grant.objects.live().filter(person__in=people).order_by("pk"):
        words = positions.setdefault(grant.person_id, [])
        if grant.get_position_display() not in words:
            words.append(grant.get_position_display())
    return {pk: ", ".join(words) for pk, words in positions.items()}


def _one(public_id: str) -> User:
    return get_object_or_404(User.objects.current(), public_id=public_id)


def _way_up(person: User | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Accounts"), "href": reverse("accounts:accounts")}]
    if person is not None:
        crumbs.append(
            {"text": name_of(person), "href": reverse("accounts:account_one", args=[person.public_id])}
        )
    return crumbs


@require_http_methods(["GET", "HEAD"])
@for_whom_may("accounts.see_accounts")
def account_one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    person = _one(public_id)
    has_factor = has_second_factor(person)
    grants = Grant.objects.filter(person=person).select_related("person", "agency", "unit__agency")
    postings = Posting.objects.current().filter(user=person).select_related("unit", "agency", "role")
    context: dict[str, Any] = {
        "whom": person,
        "name": name_of(person),
        "postings": postings.order_by("pk"),
        "grants": [row(grant) for grant in grants.order_by("-pk")[:50]],
        "can_close": can_deactivate(request.user, person),
        "can_sign_out": may(request.user, "accounts.sign_out"),
        "can_reset": has_factor and can_reset_second_factor(request.user, person),
        "can_propose_reset": has_factor and can_propose_reset(request.user, person),
        "can_give": may(request.user, "people.grant") and person != request.user and person.is_active,
        "crumbs": _way_up(),
    }
    return render(request, "accounts/account_one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("accounts.sign_out", delicate=True)
def account_change(request: OfficerRequest, public_id: str, change: str) -> HttpResponseBase:
    """Say what will happen, ask for a reason, then make the change."""
    person, action = _one(public_id), CHANGES.get(change)
    if action is None:
        raise Http404
    if change == "second-step" and can_propose_reset(request.user, person):
        return redirect("accounts:propose_reset", public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not refused(
        form, lambda: action.perform(person=person, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, str(action.done))
        if person == request.user:
            return redirect("account_login")
        return redirect("accounts:account_one", public_id)
    notice = how_told(person, reopened=change == "open") if change in ANNOUNCED else ""
    context = {
        "form": form, "change": action, "told": notice, "name": name_of(person), "crumbs": _way_up(person),
    }  # fmt: skip
    return render(request, "accounts/account_change.html", context)
