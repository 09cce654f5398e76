"""The duty officer's desk: one question, one answer, one receipt."""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clearance import actions, lookup, permissions, receipts, substitutes, words
from clearance.case_reference import is_carried, trace_of
from clearance.decision_list import who_of
from clearance.evaluation import Answer, Evaluation
from clearance.fitting import performed_where_asked
from clearance.forms import QuestionForm
from clearance.forms_override import OverrideForm
from clearance.models import Decision, DutyFunction
from clearance.requirements import source_of
from locales.text import written_name
from operations import clock
from operations.ids import public_id
from operations.prepared import PreparedObjects
from people.forms.people import SPOKEN
from people.models import Posting, User
from people.permissions import Scope
from people.requests import OfficerRequest, signed_in

from .decision_parts import became_of

TILES = 6
A_MOMENT = timedelta(minutes=1)
SAME_QUESTION = timedelta(minutes=1)  # in which the same form sent again is the same question


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def desk(request: OfficerRequest) -> HttpResponse:
    """Ask. A POST makes one decision and leads to its page, however often it is sent."""
    if request.method != "POST":
        _refuse_unless(permissions.can_ask(request.user))
        return _form(request, QuestionForm(initial={"who": request.GET.get("who", "")}))
    where = permissions.where_asked(request.user)
    _refuse_unless(bool(where))
    function = next(iter(_functions().objects(request.POST.get("function", ""))), None)
    form = QuestionForm(request.POST, functions=[(function.code, function.name)] if function else ())
    if function is None or not form.is_valid():
        return _form(request, form)
    instant = form.cleaned_data["at"] or clock.now()
    found = _meant(form, where, instant)
    if len(found) != 1:
        return _form(request, form, several=found)
    return _decided(request, form, function, found[0], instant)


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Only duty officers and coordinators ask for a clearance."))


@lru_cache(maxsize=1)
def _functions() -> PreparedObjects[DutyFunction]:
    """Return the query of one function by its code: each question asks. With all names as they stand, in no language."""
    return PreparedObjects(QuerySet(DutyFunction).filter(code=""))


def _decided(
    request: OfficerRequest, form: QuestionForm, function: DutyFunction, posting: Posting, instant: datetime
) -> HttpResponse:
    case = form.cleaned_data["case"]
    try:
        decision = actions.decide(
            function=function,
            person=posting.user,
            instant=instant,
            by=request.user,
            confirmed=request.POST.getlist("confirmed"),
            question_keys=_question_keys(request, posting.user.public_id, case),
            case=trace_of(case) if case else None,
        )
    except actions.OwnQuestion as refusal:
        form.add_error("who", str(refusal))
        return _form(request, form)
    except actions.Unsigned as unsigned:
        return _unsigned(request, function, posting, instant, unsigned.evaluation)
    except actions.ConditionsOpen as open_conditions:
        return _conditions(request, form, function, posting, instant, open_conditions)
    return redirect("clearance:decision", decision.public_id)


def _offered(request: OfficerRequest, every: bool) -> list[tuple[str, str]]:
    """Return functions, each always in the same place: hands choose by habit. Without `every` only gated ones
    that somebody of their units performs, at most six.
    """
    functions = DutyFunction.objects.order_by("number")
    offered = (
        functions if every else performed_where_asked(functions.filter(gated=True), request.user)[:TILES]
    )
    return [(function.code, function.name) for function in offered]


def _meant(form: QuestionForm, where: Scope, instant: datetime) -> list[Posting]:
    """Return who is meant, among one's own units alone; an empty answer says the same of everybody else."""
    if chosen := form.cleaned_data["person"]:
        one = lookup.find_one(chosen, where=where, instant=instant)
        found = [one] if one else []
    else:
        found = lookup.find(form.cleaned_data["who"], where=where, instant=instant)
    if not found:
        form.add_error(
            "who", _("Nobody who serves in your units at that time has this number, name or code.")
        )
    elif len(found) > lookup.MOST:
        form.add_error("who", _("Too many officers have this name. Add the given name, or enter the number."))
        found = []
    return found


def _question_keys(request: OfficerRequest, person: str, case: str) -> tuple[str, ...]:
    """The same form with the same contents: as sent in this minute, and as sent in the one before."""
    sent = request.POST
    if not sent.get("nonce"):
        return ()
    parts = [sent["nonce"], sent.get("function", ""), person, sent.get("at", ""), case]
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


def _unsigned(
    request: OfficerRequest, function: DutyFunction, posting: Posting, instant: datetime, found: Evaluation
) -> HttpResponse:
    """An answer without receipt, which nobody can rely on later: the clock is behind."""
    against, favour = words.findings(reason.plain() for reason in found.reasons)
    context = {
        "function": function,
        "instant": instant,
        "who": {"name": _name(posting.user), "service_number": posting.service_number},
        "verdict": words.VERDICTS[found.answer],
        "sentence": words.sentence(found.answer, _name(posting.user), now=True),
        "against": against,
        "favour": favour,
    }
    return render(request, "clearance/unsigned.html", context, status=503)


def _conditions(
    request: OfficerRequest,
    form: QuestionForm,
    function: DutyFunction,
    posting: Posting,
    instant: datetime,
    open_conditions: actions.ConditionsOpen,
) -> HttpResponse:
    evaluation = open_conditions.evaluation
    confirmed = request.POST.getlist("confirmed")
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
        "missing": [
            {"href": f"#id_{code}", "text": _("Confirm each of them, or do not clear the officer.")}
            for code in evaluation.conditions
            if code not in confirmed
        ][:1],
        "conditions": words.conditions_asked(evaluation.conditions),
        "confirmed": confirmed,
        "advice": words.advice(evaluation.mode, evaluation.enforce_from),
        "asked_again": "confirmed_shown" in request.POST,
        "nonce": public_id(),
    }
    return render(request, "clearance/conditions.html", context)


@never_cache
@require_safe
@signed_in
def decision(request: OfficerRequest, public_id: str) -> HttpResponse:
    """A decision, for who asked, the agency's coordinator, and auditors."""
    return decision_page(request, get_object_or_404(Decision.objects.with_all(), public_id=public_id))


def decision_page(
    request: OfficerRequest, record: Decision, form: OverrideForm | None = None
) -> HttpResponse:
    """Show it. `form`: what was sent to overrule it, with what is wrong."""
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
        "of_case": is_carried(record),
        "verdict": words.VERDICTS[record.answer] if holds else words.NOT_CHECKED,
        "sentence": sentence if holds else words.NOT_SIGNED_SO,
        "past": record.asked_at < clock.now() - A_MOMENT,
        "until": reading.until,
        "last_day": words.whole_day(reading.until),
        "against": against,
        "favour": favour,
        "reading": reading,
        **(words.beside(reading.claims) if reading.claims else {}),
        "source": _source(record) if holds else "",
        "receipt_url": receipts.url_of(record.public_id),
        "colleagues": _substitutes(request, record) if holds else None,
        **_asked_for(request),
        "may_ask": permissions.can_ask(request.user),
        **became_of(record, request.user, form),
    }
    return render(request, "clearance/decision.html", context)


def _source(found: Decision) -> str:
    """The remark of a function that is never refused, as it stood under the version that was read."""
    version = found.evidence.get("requirement")
    if found.answer != Answer.NOT_GATED or version is None:
        return ""
    return source_of(found.function, version["number"])


def _substitutes(request: OfficerRequest, found: Decision) -> substitutes.Substitutes | None:
    """None where the question does not arise: somebody was cleared, or the moment is past."""
    no = found.answer in {Answer.NOT_CLEARED, Answer.UNDETERMINED} or hasattr(found, "recall")
    if not no or not permissions.can_ask(request.user):
        return None
    return substitutes.substitutes_of(
        found.function,
        by=request.user,
        instant=max(found.instant, clock.now()),
        besides=found.person,
        wanted=_asked_for(request)["wanted"],
    )


def _asked_for(request: OfficerRequest) -> dict[str, Any]:
    """Return what the person concerned asks for: a language, a woman or a man."""
    languages, sexes = dict(SPOKEN), dict(User.Sex.choices)
    speaks, sex = request.GET.get("speaks", ""), request.GET.get("sex", "")
    return {
        "wanted": substitutes.Wanted(
            language=speaks if speaks in languages else "", sex=sex if sex in sexes else ""
        ),
        "spoken": languages.items(),
        "sexes": sexes.items(),
    }
