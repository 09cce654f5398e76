"""Positions: who holds which, giving and ending them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locales.dates import day_text, end_text, instant_text
from locales.sorting import in_order
from operations import clock, proposals, spreadsheets
from operations.confirmation import Confirmation, Folded
from operations.form_errors import refused
from operations.pagination import keyset
from operations.searched_lists import MARK, asked_for, search_chip, searched, searched_text
from operations.trail import reason_text
from people import search
from people.actions import grants as grant_actions
from people.actions.exports import export_grants
from people.actions.registrars import REGISTRAR
from people.extensions import Link, registry
from people.forms.positions import STATES, FindForm, GiveForm, GrantFilter, ReasonForm
from people.models import Agency, Grant, User
from people.names import name_of
from people.notification_text import how_told
from people.permissions import can_end, can_propose_registrar, may, visible_grants, where_may
from people.permissions.exclusions import excluding_pairs
from people.permissions.grants import BY_TWO
from people.permissions.table import permissions
from people.requests import OfficerRequest, recently, recently_to_change

from .guards import for_whom_may

SEARCHED = "grants_searched"
FOUND_AT_MOST = 20
DOWNLOADS = {"csv": spreadsheets.csv_download, "xlsx": spreadsheets.xlsx_download}
TAGS = {"live": "ok", "coming": "", "ended": "none", "revoked": "none"}
WORDS = {**dict(STATES), "ended": dict(STATES)["over"], "revoked": dict(STATES)["over"]}


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.see_grants")
def grants(request: OfficerRequest) -> HttpResponseBase:
    """List grants, newest first."""
    if request.method == "POST":
        chosen = _filter(request, request.POST).chosen()
        return searched(request, kept_as=SEARCHED, chosen=chosen, page="people:grants")
    form = _filter(request, asked_for(request, kept_as=SEARCHED))
    chosen = form.chosen()
    page = keyset(_matching(request.user, chosen), order=("-pk",), token=request.GET.get("page", ""))
    context = {
        "form": form,
        "chosen": any(chosen.values()),
        "found": search_chip(chosen["q"], chosen, page="people:grants"),
        "filters": _without_search(chosen) | ({MARK: "yes"} if chosen["q"] else {}),
        "page": page,
        "rows": [row(grant) for grant in page.rows],
        "waiting": waiting_for_two(request.user),
        "gives": may(request.user, "people.grant_duty_officer"),
    }
    return render(request, "people/grants.html", context)


def _filter(request: OfficerRequest, data: Mapping[str, Any]) -> GrantFilter:
    scope = where_may(request.user, "people.see_grants")
    agencies = Agency.objects.all()
    if not scope.everywhere:
        agencies = agencies.filter(pk__in=scope.agencies)
    return GrantFilter(data, agencies=in_order(agencies))


def _without_search(chosen: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if value and name != "q"}


@require_POST
@for_whom_may("people.see_grants")
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    """Send what the filters find as a file: a POST, because it leaves an entry in the audit trail."""
    form = request.POST.get("form", "csv")
    if form not in DOWNLOADS:
        raise Http404
    chosen = _filter(request, {**request.POST.dict(), "q": searched_text(request, kept_as=SEARCHED)}).chosen()
    queryset = _matching(request.user, chosen).order_by("-pk")
    filters = _without_search(chosen)
    export_grants(number=queryset.count(), filters=filters, form=form, by=request.user)
    headings = [_("Person"), _("Position"), _("Where"), _("From"), _("Until"), _("State"), _("Given by")]
    rows = (_cells(row(grant)) for grant in queryset.iterator(chunk_size=500))
    return DOWNLOADS[form](f"{_('positions')}-{clock.today():%Y-%m-%d}.{form}", headings, rows)


def _cells(shown: dict[str, Any]) -> list[Any]:
    grant: Grant = shown["grant"]
    by = name_of(grant.granted_by) if grant.granted_by else ""
    began = clock.first_day(grant.starts_at)
    return [
        shown["name"],
        grant.get_position_display(),
        shown["area"],
        began,
        shown["ends"],
        shown["state"],
        by,
    ]


def waiting_for_two(user: User) -> list[Link]:
    """Return the ways to what waits for a second person, for those who decide about it."""
    links = [make(user) for make in (_proposed_positions, *registry.waiting)]
    return [link for link in links if link is not None]


def _proposed_positions(user: User) -> Link | None:
    if not may(user, "people.confirm_registrar"):
        return None
    number = proposals.waiting(act=REGISTRAR).count()
    text = ngettext(
        "%(number)s proposed position waits for a second person",
        "%(number)s proposed positions wait for a second person",
        number,
    )
    return (
        Link(text=text % {"number": number}, href=reverse("people:registrar_proposals")) if number else None
    )


def _matching(user: User, chosen: dict[str, str]) -> QuerySet[Grant]:
    scope = where_may(user, "people.see_grants")
    queryset = visible_grants(user).select_related(
        "person", "agency", "unit__agency", "granted_by", "confirmed_by"
    )
    if chosen["q"]:
        queryset = queryset.filter(person__in=search.among(User.objects.people(), chosen["q"], scope))
    if chosen["position"]:
        queryset = queryset.filter(position=chosen["position"])
    if code := chosen["agency"]:
        queryset = queryset.filter(Q(agency__code=code) | Q(unit__agency__code=code))
    if chosen["state"] == "left":
        return queryset.filter(pk__in=Grant.objects.outlasting().values("pk"))
    now = clock.now()
    over = ~Q(revoked_at=None) | Q(ends_at__lte=now)
    conditions = {"live": ~over & Q(starts_at__lte=now), "coming": ~over & Q(starts_at__gt=now), "over": over}
    return queryset.filter(conditions.get(chosen["state"], Q()))


def row(grant: Grant) -> dict[str, Any]:
    """Return what lists show of a grant; expects its person, agency and unit at hand."""
    return {
        "grant": grant,
        "name": name_of(grant.person),
        "area": area_of(grant),
        "state": WORDS[grant.state],
        "tag": TAGS[grant.state],
        "ends": _ends(grant),
    }


def _ends(grant: Grant) -> str:
    if grant.revoked_at is not None:
        return instant_text(grant.revoked_at)
    return end_text(grant.ends_at) if grant.ends_at is not None else ""


def area_of(grant: Grant) -> str:
    if grant.unit is not None:
        return f"{grant.unit.agency.name} – {grant.unit.name}"
    return grant.agency.name if grant.agency is not None else _("the whole country")


def way_up(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"text": _("Positions"), "href": reverse("people:grants")}, *more]


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.see_grants")
@recently_to_change
def grant_one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show one grant, and end it with a reason."""
    queryset = visible_grants(request.user).select_related(
        "person", "agency", "unit__agency", "granted_by", "confirmed_by", "revoked_by"
    )
    grant = get_object_or_404(queryset, public_id=public_id)
    can = can_end(request.user, grant) and grant.state in {"live", "coming"}
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not refused(
        form,
        lambda: grant_actions.revoke_grant(grant=grant, reason=form.cleaned_data["reason"], by=request.user),
    ):
        messages.success(request, _("The position has ended. Giving it again is the way back."))
        return redirect("people:grant_one", public_id)
    context = {
        **row(grant),
        "reason": reason_text("people.grant", grant.reason or ""),
        "form": form,
        "can_end": can,
        "how_told": how_told(grant.person),
        "crumbs": way_up(),
    }
    return render(request, "people/grant_one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.grant_duty_officer")
def give(request: OfficerRequest) -> HttpResponseBase:
    """Find, by name, number or address, the person to give a position to."""
    form = FindForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "crumbs": way_up(), "asked": form.is_valid()}
    if form.is_valid():
        queryset = search.among(
            candidates(request.user), form.cleaned_data["q"],
            where_may(request.user, "people.grant_duty_officer"),
        )  # fmt: skip
        people = list(queryset.filter(is_active=True).order_by("sort_name", "pk")[: FOUND_AT_MOST + 1])
        context |= {
            "people": [(person, name_of(person)) for person in people[:FOUND_AT_MOST]],
            "more": len(people) > FOUND_AT_MOST,
            "at_most": FOUND_AT_MOST,
        }
    return render(request, "people/give.html", context)


def candidates(by: User) -> QuerySet[User]:
    """Return people to whom this person may give a position: all, or those of the own agencies; never
    oneself.
    """
    scope = where_may(by, "people.grant_duty_officer")
    known = User.objects.current()
    people = known if scope.everywhere else search.serving_in(scope.agencies)
    return people.exclude(pk=by.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.grant_duty_officer", delicate=True)
def give_to(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Give a position: a form, then a page that lists what will happen, then the grant."""
    person = get_object_or_404(candidates(request.user), public_id=public_id)
    form = GiveForm(request.POST if request.method == "POST" else None, by=request.user, person=person)
    if form.is_valid():
        given = form.cleaned_data
        values = {
            "person": person, "position": given["position"], "reason": given["reason"], "by": request.user,
            **given["area"], **form.period(),
        }  # fmt: skip
        sure = "sure" in request.POST
        if not refused(form, lambda: grant_actions.grant(**values), trial=not sure):
            return _given(request, person) if sure else _ask(request, person, form)
    context = {
        "form": form,
        "whom": person,
        "name": name_of(person),
        "held": [row(grant) for grant in _held_by(person, request.user)],
        "allows": [
            (position.label, what_it_allows(position))
            for position in Grant.Position
            if position in form.offered
        ],
        "nothing": ALLOWS_NOTHING,
        "can_propose": can_propose_registrar(request.user, person),
        "of_dual_control": sorted(BY_TWO),
        "crumbs": way_up({"text": _("Give a position"), "href": reverse("people:give")}),
    }
    return render(request, "people/give_to.html", context)


def _held_by(person: User, by: User) -> QuerySet[Grant]:
    queryset = visible_grants(by).filter(person=person) & Grant.objects.live_or_coming()
    return queryset.select_related("person", "agency", "unit__agency").order_by("pk")


def _given(request: OfficerRequest, person: User) -> HttpResponse:
    messages.success(request, _("The position is given. The person gets a message about it."))
    return redirect("people:give_to", person.public_id)


def _ask(request: OfficerRequest, person: User, form: GiveForm) -> HttpResponse:
    position = Grant.Position(form.cleaned_data["position"])
    allows = what_it_allows(position)
    points = [
        _("Where it holds: %(area)s.") % {"area": dict(form.areas)[form.data["area"]]},
        until_when(form.period()["ends_at"]),
        *(() if allows else (str(ALLOWS_NOTHING),)),
        how_told(person),
        _("You, the reason and the time stay in the audit trail."),
    ]
    if position != Grant.Position.DUTY_OFFICER:
        points.append(_("From then on the person signs in with two steps."))
    ask = Confirmation(
        title=_("Give the position “%(position)s”?") % {"position": position.label},
        text=name_of(person),
        points=points,
        button=_("Give the position"),
        folded=allows,
        cancel_href=reverse("people:give_to", args=[person.public_id]),
        hidden={name: form.data.get(name, "") for name in form.fields} | {"sure": "1"},
    )
    return ask.page(request)


def until_when(ends_at: datetime | None) -> str:
    if ends_at is None:
        return _("It holds until somebody ends it.")
    return _("Last day: %(day)s.") % {"day": day_text(clock.last_day(ends_at))}


ALLOWS_NOTHING = gettext_lazy("It allows nothing in this version: what it is for is not built yet.")


def what_it_allows(position: str) -> Folded | None:
    """Return what a position allows, as the table of permissions says it; None where it allows nothing."""
    allowed = [str(one.text) for one in permissions.values() if position in one.allowed]
    if not allowed:
        return None
    title = ngettext("What it allows: %(number)s act", "What it allows: %(number)s acts", len(allowed))
    return Folded(title % {"number": len(allowed)}, allowed)


@require_safe
@for_whom_may("people.see_grants")
def who_may(request: OfficerRequest) -> HttpResponseBase:
    """Show the table of permissions itself, and which positions exclude each other."""
    positions = [
        {
            "position": position.label,
            "acts": [
                (act.text, act.allowed[position], act.note)
                for act in permissions.values()
                if position in act.allowed
            ],
        }
        for position in Grant.Position
        if position != Grant.Position.BREAK_GLASS
    ]
    pairs = [(first.label, second.label, why) for first, second, why in excluding_pairs()]
    context = {"positions": positions, "pairs": pairs, "crumbs": way_up()}
    return render(request, "people/who_may.html", context)
