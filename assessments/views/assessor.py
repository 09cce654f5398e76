"""Pages of assessors: people who wait for a release of an exam, people with extra time."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from assessments import actions_admission as actions
from assessments.forms import ExtraTimeForm, PersonFilter, ReleaseFilter, ReleaseForm
from assessments.models import Attempt, ExamRelease, ExtraTime
from assessments.permissions import EXTRA_TIME, RELEASE, reached
from assessments.readiness import Readiness, extra_percent, readiness_of
from assessments.releases import WaitingPerson, waiting
from locales.dates import day_text
from operations.confirmation import Confirmation, FormPage, ask_then_act
from operations.form_errors import refused
from operations.pagination import keyset
from operations.searched_lists import asked_for, search_chip, searched
from people import search
from people.models import Posting, User
from people.names import name_of
from people.notification_text import how_told
from people.permissions import where_may
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may

RELEASES_SEARCHED, PEOPLE_SEARCHED = "releases_searched", "extra_time_searched"  # in the session: names
for_assessors = for_whom_may(RELEASE, refusal=gettext_lazy("This page is for assessors."))
for_extra_time = for_whom_may(
    EXTRA_TIME, refusal=gettext_lazy("This page is for assessors and coordinators.")
)


def way_up(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"text": _("Releases of exams"), "href": reverse("assessor:releases")}, *more]


# --- releases -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_assessors
def releases(request: OfficerRequest) -> HttpResponseBase:
    """List who waits, or who was released and has not begun."""
    if request.method == "POST":
        chosen = ReleaseFilter(request.POST).chosen()
        return searched(request, kept_as=RELEASES_SEARCHED, chosen=chosen, page="assessor:releases")
    form = ReleaseFilter(asked_for(request, kept_as=RELEASES_SEARCHED))
    chosen, token = form.chosen(), request.GET.get("page", "")
    if chosen["state"] == ReleaseFilter.RELEASED:
        page = keyset(_released(request.user, chosen["q"]), order=("-released_at", "-pk"), token=token)
        rows = _rows_of_releases(page.rows)
    else:
        found = waiting(request.user, who_passed=bool(chosen["q"]))
        page = keyset(_newest(request.user, found, chosen["q"]), order=("-closed_at", "-pk"), token=token)
        rows = _rows_of_attempts(page.rows, found)
    released = chosen["state"] == ReleaseFilter.RELEASED
    context = {
        "form": form,
        "searched": bool(chosen["q"]),
        "found": search_chip(chosen["q"], chosen, page="assessor:releases"),
        "released": released,
        "dated": _("Released on") if released else _("Last attempt"),
        "page": page,
        "rows": rows,
    }
    return render(request, "assessments/assessor/releases.html", context)


def _named(by: User, code: str, text: str) -> QuerySet[User]:
    """People whom `by` reaches, of this name or service number."""
    return search.among(reached(by, code), text, where_may(by, code))


def _newest(by: User, found: dict[int, WaitingPerson], text: str) -> QuerySet[Attempt]:
    queryset = Attempt.objects.filter(pk__in=found).select_related("person__merged_into", "blueprint")
    if not text:
        return queryset
    people = _named(by, RELEASE, text).values("pk")
    return queryset.filter(Q(person__in=people) | Q(person__merged_into__in=people))


def _released(by: User, text: str) -> QuerySet[ExamRelease]:
    people = (_named(by, RELEASE, text) if text else reached(by, RELEASE)).values("pk")
    whose = Q(person__in=people) | Q(person__merged_into__in=people)
    queryset = ExamRelease.objects.live().filter(whose)
    return queryset.select_related("person__merged_into", "blueprint", "released_by")


def _rows_of_attempts(attempts: Iterable[Attempt], found: dict[int, WaitingPerson]) -> list[dict[str, Any]]:
    attempts = list(attempts)
    places = _places([attempt.person.surviving for attempt in attempts])
    return [
        {
            "person": attempt.person.surviving,
            "name": name_of(attempt.person.surviving),
            "place": places.get(attempt.person.surviving.pk, ""),
            "exam": attempt.blueprint.title,
            "at": attempt.closed_at,
            "why": why_waits(found[attempt.pk]),
            "href": reverse("assessor:release", args=[attempt.public_id]),
        }
        for attempt in attempts
    ]


def _rows_of_releases(found: Iterable[ExamRelease]) -> list[dict[str, Any]]:
    found = list(found)
    places = _places([release.person.surviving for release in found])
    return [
        {
            "person": release.person.surviving,
            "name": name_of(release.person.surviving),
            "place": places.get(release.person.surviving.pk, ""),
            "exam": release.blueprint.title,
            "at": release.released_at,
            "why": _("%(reason)s; by %(name)s")
            % {"reason": release.get_reason_display(), "name": name_of(release.released_by)},
            "href": reverse("assessor:withdraw", args=[release.public_id]),
        }
        for release in found
    ]


def _places(people: Iterable[User]) -> dict[int, str]:
    """Return where these people serve now, in words; of several postings the main one. One query."""
    main_last = F("main").asc(nulls_first=True)
    postings = Posting.objects.current().filter(user__in=people).select_related("agency", "unit")
    return {row.user_id: f"{row.agency.name}, {row.unit.name}" for row in postings.order_by(main_last, "pk")}


def why_waits(waits: WaitingPerson) -> str:
    """Return why somebody waits, in words."""
    used = ngettext("%(number)s attempt was failed", "%(number)s attempts were failed", waits.failed)
    words = [used % {"number": waits.failed}] if waits.failed else []
    if waits.opens_at is not None:
        words.append(_("no new cases before %(day)s") % {"day": day_text(waits.opens_at)})
    return "; ".join(words)


@require_http_methods(["GET", "HEAD", "POST"])
@for_assessors
@recently_to_change
def release(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Release the next attempt of whoever failed this one: a form, then what will happen, then the release."""
    queryset = Attempt.objects.select_related("person__merged_into", "blueprint")
    attempt = get_object_or_404(queryset, public_id=public_id, closed_at__isnull=False)
    person = get_object_or_404(reached(request.user, RELEASE), pk=attempt.person.surviving.pk)
    version = attempt.blueprint.versions.select_related("blueprint").latest("number")
    readiness = readiness_of(version, person.pk)
    form = ReleaseForm(
        request.POST if request.method == "POST" else None, could_repeat=readiness.could_repeat
    )
    page = FormPage(
        title=_("Release the next attempt"),
        text=f"{name_of(person)}: {attempt.blueprint.title}",
        button=_("Release"),
        back=reverse("assessor:releases"),
        crumbs=way_up(),
        listed=_stands(readiness),
    )

    def perform() -> str:
        actions.release_exam(person=person, blueprint=attempt.blueprint, by=request.user, **form.cleaned_data)
        return _("Released. Until an attempt is begun you can withdraw it.")

    return ask_then_act(
        request, form, page, points=lambda: _points(readiness, person, form), perform=perform,
        question=_("Release the next attempt of %(name)s?") % {"name": name_of(person)},
    )  # fmt: skip


def _stands(readiness: Readiness) -> list[str]:
    """Return how the person stands before the exam, for the assessor who decides."""
    told = [_("The attempts that the rules allow are used up.")] if readiness.attempts_used else []
    if readiness.retry_at is not None:
        told.append(
            _("The days between two attempts end on %(day)s.") % {"day": day_text(readiness.retry_at)}
        )
    if readiness.opens_at is not None:
        told.append(
            _("There are no new cases for this person before %(day)s.")
            % {"day": day_text(readiness.opens_at)}
        )
    return told


def _points(readiness: Readiness, person: User, form: ReleaseForm) -> list[str]:
    repeat = form.cleaned_data.get("allow_repeat")
    points = [_("The person may begin one more attempt.")]
    if readiness.retry_at is not None:
        points = [
            _("The person may begin one more attempt from %(day)s.") % {"day": day_text(readiness.retry_at)}
        ]
    if repeat:
        points.append(_("A case that the person met longest ago may come again."))
    elif readiness.opens_at is not None:
        points.append(
            _("But it opens only on %(day)s, with new cases.") % {"day": day_text(readiness.opens_at)}
        )
    return [*points, how_told(person), _("You, the reason and the time stay in the audit trail.")]


@require_http_methods(["GET", "HEAD", "POST"])
@for_assessors
@recently_to_change
def withdraw(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Take a release back that nobody has used: asked first, then done."""
    found = get_object_or_404(
        ExamRelease.objects.select_related("person__merged_into", "blueprint"), public_id=public_id
    )
    person = get_object_or_404(reached(request.user, RELEASE), pk=found.person.surviving.pk)
    if request.method != "POST":
        return Confirmation(
            title=_("Withdraw this release?"),
            text=f"{name_of(person)}: {found.blueprint.title}",
            points=[_("The person can begin no attempt by it any more."), how_told(person)],
            button=_("Withdraw"),
            danger=True,
            cancel_href=_released_url(),
            hidden={"sure": "1"},
        ).page(request, crumbs=way_up())
    try:
        actions.withdraw_release(release=found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The release is withdrawn."))
    return redirect(_released_url())


def _released_url() -> str:
    return f"{reverse('assessor:releases')}?state={ReleaseFilter.RELEASED}"


# --- extra time ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_extra_time
def extra_times(request: OfficerRequest) -> HttpResponseBase:
    """List who has extra time; of those searched for everybody, so that it can be given."""
    if request.method == "POST":
        chosen = PersonFilter(request.POST).chosen()
        return searched(request, kept_as=PEOPLE_SEARCHED, chosen=chosen, page="assessor:extra_times")
    form = PersonFilter(asked_for(request, kept_as=PEOPLE_SEARCHED))
    text = form.chosen()["q"]
    given = ExtraTime.objects.filter(ended_at=None)
    has_some = Q(pk__in=given.values("person")) | Q(pk__in=given.values("person__merged_into"))
    by = request.user
    people = _named(by, EXTRA_TIME, text) if text else reached(by, EXTRA_TIME).filter(has_some)
    page = keyset(people, order=("sort_name", "pk"), token=request.GET.get("page", ""))
    context = {
        "form": form,
        "searched": bool(text),
        "found": search_chip(text, {}, page="assessor:extra_times"),
        "page": page,
        "rows": _rows_of_people(page.rows),
    }
    return render(request, "assessments/assessor/extra_times.html", context)


def _rows_of_people(people: list[User]) -> list[dict[str, Any]]:
    places = _places(people)
    given = ExtraTime.objects.filter(Q(person__in=people) | Q(person__merged_into__in=people), ended_at=None)
    percents: dict[int, int] = {}
    for row in given.select_related("person"):
        whose = row.person.merged_into_id or row.person_id
        percents[whose] = max(row.percent, percents.get(whose, 0))
    return [
        {
            "name": name_of(person),
            "place": places.get(person.pk, ""),
            "percent": percents.get(person.pk),
            "href": reverse("assessor:extra_time", args=[person.public_id]),
        }
        for person in people
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_extra_time
@recently_to_change
def extra_time(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Give a person extra time, or end what they have."""
    person = get_object_or_404(reached(request.user, EXTRA_TIME), public_id=public_id)
    ends = request.method == "POST" and "end" in request.POST
    form = ExtraTimeForm(request.POST if request.method == "POST" and not ends else None)
    if ends and _ended(request, person) or form.is_valid() and _given(request, person, form):
        return redirect("assessor:extra_time", public_id)
    context = {
        "form": form,
        "name": name_of(person),
        "has": extra_percent(person.pk),
        "crumbs": [{"text": _("Extra time in exams"), "href": reverse("assessor:extra_times")}],
    }
    return render(request, "assessments/assessor/extra_time.html", context)


def _given(request: OfficerRequest, person: User, form: ExtraTimeForm) -> bool:
    percent = form.cleaned_data["percent"]
    if refused(form, lambda: actions.give_extra_time(person=person, percent=percent, by=request.user)):
        return False
    messages.success(request, _("Given. It holds for exams that begin from now on."))
    return True


def _ended(request: OfficerRequest, person: User) -> bool:
    try:
        actions.end_extra_time(person=person, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Ended. Exams that begin from now on have the usual time."))
    return True
