"""A form, then a page that says what will happen, then the act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from .form_errors import refused
from .requests import SignedInRequest

CHANGE = "enter_again"  # sent by the question's button that leads back to the form, as it was filled in


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


def show(request: SignedInRequest, form: Form, page: FormPage) -> HttpResponse:
    groups = [(title, [form[name] for name in names if name in form.fields]) for title, names in page.groups]
    context = {"form": form, "page": page, "groups": groups, "crumbs": page.crumbs}
    return render(request, "operations/form.html", context)


def ask_then_act(
    request: SignedInRequest,
    form: Form,
    page: FormPage,
    *,
    points: Callable[[], Sequence[StrOrPromise]],
    perform: Callable[[], StrOrPromise],
    question: StrOrPromise = "",
    asking: "Callable[[Confirmation], HttpResponse] | None" = None,
) -> HttpResponse:
    """Show the form until it is valid and a trial of `perform` refuses nothing; then ask with `points` of what
    will happen; then perform it. From the question a button leads back to the form, with what was entered.

    `perform` returns what is said afterwards. It changes the database alone: what was tried is rolled back.
    `asking` makes another page of the question.
    """
    if not form.is_bound or not form.is_valid() or CHANGE in request.POST:
        return show(request, form, page)
    said: list[StrOrPromise] = []
    sure = "sure" in request.POST
    if refused(form, lambda: said.append(perform()), trial=not sure):
        return show(request, form, page)
    if not sure:
        ask = replace(confirmation_of(request, page, points(), question), change=CHANGE)
        return asking(ask) if asking is not None else ask.page(request)
    messages.success(request, str(said[0]))
    return redirect(page.back)


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """The page that asks before an act that cannot be taken back.

    `points`: what will happen; `button`: the act in words, where `danger` takes something away; `hidden`: the
    fields that its form sends to the same address. `folded`: lines under a heading of their own, shown on demand.
    `change`: the name of a button that leads back to the form, where there was one.
    """

    title: StrOrPromise
    button: StrOrPromise
    cancel_href: str
    hidden: "Mapping[str, Any] | Hidden"
    text: StrOrPromise = ""
    points: Sequence[StrOrPromise] = ()
    danger: bool = False
    folded: "Folded | None" = None
    change: str = ""

    def page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """Return the page; `context`: what its frame needs."""
        return render(request, "confirm.html", {"ask": self, **context})


@dataclass(frozen=True)
class Folded:
    """A list too long to be read by everybody who is asked."""

    title: StrOrPromise
    lines: Sequence[StrOrPromise]


@dataclass(frozen=True)
class Hidden:
    """The fields that the confirmation page sends along; a name may come several times."""

    pairs: Sequence[tuple[str, Any]]

    def items(self) -> Sequence[tuple[str, Any]]:
        return self.pairs


def confirmation_of(
    request: SignedInRequest, page: FormPage, points: Sequence[StrOrPromise], question: StrOrPromise
) -> Confirmation:
    """Return the question with what will happen and the button that does it: the same address with `sure`."""
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "sure", CHANGE)
        for value in values
    ]
    return Confirmation(
        title=question or page.title, points=points, button=_("Yes, do it"), danger=page.danger,
        cancel_href=page.back, hidden=Hidden([*hidden, ("sure", "1")]),
    )  # fmt: skip


def ask_first(
    request: SignedInRequest, page: FormPage, points: Sequence[StrOrPromise], question: StrOrPromise
) -> HttpResponse:
    return confirmation_of(request, page, points, question).page(request)
