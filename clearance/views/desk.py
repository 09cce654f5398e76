"""The duty officer's desk: one question, one answer, one receipt."""

import hashlib
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clearance import actions, lookup, permissions, receipts, substitutes, words
from clearance.evaluation import Answer
from clearance.forms import QuestionForm
from clearance.models import Decision, DutyFunction
from locales.text import written_name
from operations import clock
from operations.ids import public_id
from people.models import Posting, User
from people.requests import OfficerRequest, signed_in

TILES = 6
A_MOMENT = timedelta(minutes=1)
SAME_QUESTION = timedelta(minutes=1)  # in which the same form sent again is the same question


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def desk(request: OfficerRequest) -> HttpResponse:
    """Ask. A POST makes one decision and leads to its page, however often it is sent."""
    if not permissions.can_ask(request.user):
        raise PermissionDenied(_("Only duty officers and coordinators ask for a clearance."))
    if request.method != "POST":
        return _form(request, QuestionForm(initial={"who": request.GET.get("who", "")}))
    function = DutyFunction.objects.filter(code=request.POST.get("function", "")).first()
    form = QuestionForm(request.POST, functions=[(function.code, function.name)] if function else ())
    if function is None or not form.is_valid():
        return _form(request, form)
    instant = form.cleaned_data["at"] or clock.now()
    found = _meant(request, form, instant)
    if len(found) != 1:
        return _form(request, form, several=found)
    try:
        decision = actions.decide(
            function=function,
            person=found[0].user,
            instant=instant,
            by=request.user,
            confirmed=request.POST.getlist("confirmed"),
            question_keys=_question_keys(request, found[0].user.public_id),
        )
    except actions.ConditionsOpen as open_conditions:
        return _conditions(request, form, function, found[0], instant, open_conditions)
    return redirect("clearance:decision", decision.public_id)


def _offered(request: OfficerRequest, every: bool) -> list[tuple[str, str]]:
    """Return functions, those this person asks about most first; without `every` only gated ones, at most six."""
    own = Count("decisions", filter=Q(decisions__asked_by=request.user))
    functions = DutyFunction.objects.annotate(asked=own).order_by("-asked", "number")
    if not every:
        functions = functions.filter(gated=True)[:TILES]
    return [(function.code, function.name) for function in functions]


def _meant(request: OfficerRequest, form: QuestionForm, instant: datetime) -> list[Posting]:
    """Return who is meant, among one's own units alone; an empty answer says the same of everybody else."""
    if chosen := form.cleaned_data["person"]:
        one = lookup.find_one(chosen, by=request.user, instant=instant)
        found = [one] if one else []
    else:
        found = lookup.find(form.cleaned_data["who"], by=request.user, instant=instant)
    if not found:
        form.add_error(
            "who", _("Nobody who serves in your units at that time has this number, name or code.")
        )
    elif len(found) > lookup.MOST:
        form.add_error("who", _("Too many officers have this name. Add the given name, or enter the number."))
        found = []
    return found


def _question_keys(request: OfficerRequest, person: str) -> tuple[str, ...]:
    """The same form with the same contents: as sent in this minute, and as sent in the one before."""
    sent = request.POST
    if not sent.get("nonce"):
        return ()
    parts = [sent["nonce"], sent.get("function", ""), person, sent.get("at", "")]
    parts += sorted(sent.getlist("confirmed"))
    minute = int(clock.now().timestamp() // SAME_QUESTION.total_seconds())
    texts = ("\n".join([*parts, str(each)]) for each in (minute, minute - 1))
    return tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def _form(request: OfficerRequest, form: QuestionForm, several: list[Posting] | None = None) -> HttpResponse:
    every = "all" in request.GET or request.method == "POST"
    form.offer(_offered(request, every))
    context = {
        "form": form,
        "several": [(posting, _name(posting.user)) for posting in several or ()],
        "now": clock.now(),
        "units": list(permissions.units_asked_for(request.user).order_by("pk")[:2]),
        "nonce": public_id(),
        "count": DutyFunction.objects.count(),
        "every": every,
    }
    return render(request, "clearance/desk.html", context)


def _name(person: User) -> str:
    return written_name(person, get_language() or "az")


def _conditions(
    request: OfficerRequest,
    form: QuestionForm,
    function: DutyFunction,
    posting: Posting,
    instant: datetime,
    open_conditions: actions.ConditionsOpen,
) -> HttpResponse:
    evaluation = open_conditions.evaluation
    _against, favour = words.findings(reason.plain() for reason in evaluation.reasons)
    context = {
        "form": form,
        "function": function,
        "posting": posting,
        "instant": instant,
        "verdict": words.VERDICTS[evaluation.answer],
        "sentence": words.sentence(
            evaluation.answer, _name(posting.user), now=form.cleaned_data["at"] is None
        ),
        "who": {"name": _name(posting.user), "service_number": posting.service_number},
        "favour": favour,
        "missing": [{"href": "#id_confirmed", "text": _("Confirm the note, or do not clear the officer.")}],
        "conditions": evaluation.conditions,
        "asked_again": "confirmed_shown" in request.POST,
        "nonce": public_id(),
    }
    return render(request, "clearance/conditions.html", context)


@never_cache
@require_safe
@signed_in
def decision(request: OfficerRequest, public_id: str) -> HttpResponse:
    """A decision, for who asked, the agency's coordinator, and auditors."""
    record = get_object_or_404(Decision.objects.with_all(), public_id=public_id)
    if not permissions.visible_to(request.user).filter(pk=record.pk).exists():
        raise PermissionDenied(
            _("Only the person who asked, the agency's coordinator and auditors see a decision.")
        )
    reading = receipts.read(record)
    holds = reading.claims is not None  # what was not signed so is no answer
    against, favour = words.findings(record.reasons if holds else ())
    sentence = words.sentence(
        record.answer, who_of(record)["name"], now=abs(record.instant - clock.now()) < A_MOMENT
    )
    context = {
        "decision": record,
        "who": who_of(record),
        "verdict": words.VERDICTS[record.answer] if holds else words.NOT_CHECKED,
        "sentence": sentence if holds else words.NOT_SIGNED_SO,
        "past": record.asked_at < clock.now() - A_MOMENT,
        "until": reading.until,
        "last_day": words.whole_day(reading.until),
        "against": against,
        "favour": favour,
        "reading": reading,
        "receipt_url": receipts.url_of(record.public_id),
        "colleagues": _colleagues(request, record) if holds else None,
        "may_ask": permissions.can_ask(request.user),
    }
    return render(request, "clearance/decision.html", context)


def _colleagues(request: OfficerRequest, found: Decision) -> list[substitutes.Colleague] | None:
    """None where the question does not arise: somebody was cleared, or the moment is past."""
    if found.answer not in {Answer.NOT_CLEARED, Answer.UNDETERMINED} or not permissions.can_ask(request.user):
        return None
    instant = max(found.instant, clock.now())
    return substitutes.colleagues(found.function, by=request.user, instant=instant, besides=found.person)


def who_of(found: Decision) -> dict[str, str]:
    """Name, service number and unit as they were; empty where they were erased."""
    personal = found.personal or {}
    language = get_language() or "az"
    return {
        "name": personal.get("names", {}).get(language) or _("The officer"),
        "service_number": personal.get("service_number") or "",
        "unit": personal.get("unit", {}).get(language) or "",
    }
