"""A form, then a page that says what will happen, then the act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.forms import CharField, Form, HiddenInput
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from people.extensions import mark_of
from people.models import User
from people.requests import OfficerRequest

from .common import OfficerView, for_whom_may, refused


def for_whom(code: str) -> Callable[[OfficerView], OfficerView]:
    """Open a page to people who may do this somewhere. Where exactly, the page asks."""
    refusal = gettext_lazy("This page is for coordinators, administrators and auditors.")
    return for_whom_may(code, refusal=refusal)


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A page with a form. `back`: where "no" leads, and where it ends after the act. Without a `button` there
    is nothing to send.
    """

    title: StrOrPromise
    button: StrOrPromise
    back: str
    text: StrOrPromise = ""
    crumbs: Sequence[dict[str, Any]] = ()
    groups: Sequence[tuple[StrOrPromise, Sequence[str]]] = ()
    danger: bool = False
    listed: Sequence[StrOrPromise] = field(default=())  # people meant, above the form


def show(request: OfficerRequest, form: Form, page: FormPage) -> HttpResponse:
    groups = [(title, [form[name] for name in names if name in form.fields]) for title, names in page.groups]
    context = {"form": form, "page": page, "groups": groups, "crumbs": page.crumbs, "section": "people"}
    return render(request, "people/form.html", context)


def ask_then_act(
    request: OfficerRequest,
    form: Form,
    page: FormPage,
    *,
    points: Callable[[], Sequence[StrOrPromise]],
    perform: Callable[[], StrOrPromise],
    question: StrOrPromise = "",
) -> HttpResponse:
    """Show the form until it is valid and a trial of `perform` refuses nothing; then ask with `points` of what
    will happen; then perform it.

    `perform` returns what is said afterwards. It changes the database alone: what was tried is rolled back.
    """
    if not form.is_bound or not form.is_valid():
        return show(request, form, page)
    said: list[StrOrPromise] = []
    sure = "sure" in request.POST
    if refused(form, lambda: said.append(perform()), trial=not sure):
        return show(request, form, page)
    if not sure:
        return ask_first(request, page, points(), question)
    messages.success(request, str(said[0]))
    return redirect(page.back)


def about_those(form: Form, people: Sequence[User]) -> Form:
    """Bind the form to the people ticked in the list, of whom the session knows.

    Where others were ticked since the page was made, perhaps in another window, it is shown anew before
    anything happens.
    """
    mark, data = mark_of(people), cast(QueryDict, form.data)
    form.fields["whom"] = CharField(widget=HiddenInput, initial=mark, required=False)
    if form.is_bound and data.get("whom", mark) != mark:
        form.data = {**data.dict(), "whom": mark}
        form.add_error(None, _("Others have been ticked since. Look at whom it is about now."))
    return form


@dataclass(frozen=True)
class Hidden:
    """The fields that the confirmation page sends along; a name may come several times."""

    pairs: Sequence[tuple[str, Any]]

    def items(self) -> Sequence[tuple[str, Any]]:
        return self.pairs


def ask_first(
    request: OfficerRequest, page: FormPage, points: Sequence[StrOrPromise], question: StrOrPromise
) -> HttpResponse:
    """Ask with what will happen and the button that does it: the same address with `sure`."""
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    ask = {
        "title": question or page.title, "points": points, "button": _("Yes, do it"), "danger": page.danger,
        "cancel_href": page.back, "hidden": Hidden([*hidden, ("sure", "1")]),
    }  # fmt: skip
    return render(request, "confirm.html", {"ask": ask, "section": "people"})


LISTED = "people_listed"  # in the session: filters and page of the list, as they were left


def to_list(request: OfficerRequest | None = None) -> dict[str, str]:
    """Return the way up to the list; with a request to where one left it."""
    left = request.session.get(LISTED, "") if request is not None else ""
    return {"text": _("People"), "href": reverse("people:list") + (f"?{left}" if left else "")}


def to_person(person: User) -> list[dict[str, str]]:
    href = reverse("people:person", args=[person.public_id])
    return [to_list(), {"text": person.get_full_name(), "href": href}]
