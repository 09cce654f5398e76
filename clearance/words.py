"""Reasons and answers in words, for the person who asked. Every reason has its remedy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.codes import grouped
from people.models import Role

from .evaluation import YES, ReasonCode
from .models import Condition, Decision, Mode
from .qualification_path import QualificationPath, qualification_paths

Answer = Decision.Answer


class ReasonWords(TypedDict, total=False):
    """A reason for components/reasons.html or a finding for components/checks.html."""

    state: str
    title: str
    text: str
    remedy: str
    href: str
    link_text: str


@dataclass(frozen=True)
class DecisionVerdict:
    """The look's name of the state, and the answer in two or three words."""

    state: str
    title: StrOrPromise


VERDICTS: Mapping[str, DecisionVerdict] = {
    Answer.CLEARED: DecisionVerdict("cleared", gettext_lazy("Cleared")),
    Answer.CONDITIONAL: DecisionVerdict("conditions", gettext_lazy("Cleared on a condition")),
    Answer.NOT_CLEARED: DecisionVerdict("not", gettext_lazy("Not cleared")),
    Answer.NOT_GATED: DecisionVerdict("cleared", gettext_lazy("No clearance needed")),
    Answer.UNDETERMINED: DecisionVerdict("unknown", gettext_lazy("Cannot be determined")),
}


def advice(mode: str, enforce_from: datetime | None) -> dict[str, StrOrPromise]:
    """Title and text above an answer under a rule that stops nobody yet; empty under one that is enforced."""
    if mode != Mode.ADVISE:
        return {}
    text = _("This would be the answer if the requirement were enforced. No date is set for that.")
    if enforce_from is not None:
        day = {"day": day_text(clock.first_day(enforce_from))}
        text = (
            _("This would be the answer if the requirement were enforced. It is enforced from %(day)s.") % day
        )
    return {"title": _("Advice: nobody is stopped yet"), "text": text}


def beside(claims: Mapping[str, Any]) -> dict[str, Any]:
    """In words, the rest of a genuine receipt beside its answer: for its page and the decision's."""
    enforce_from = claims["enforce_from"]
    return {
        "advice": advice(claims["mode"], datetime.fromisoformat(enforce_from) if enforce_from else None),
        "not_offered": not_offered_text(claims["not_offered"]),
        "conditions": [Condition(code).label for code in claims["conditions"]],
    }


def conditions_asked(codes: Iterable[str]) -> list[tuple[str, str, str]]:
    """(code, what is confirmed, a word more) of each condition, for the page that asks for them."""
    texts = {
        Condition.SUPERVISOR_NOTE: (
            _("A supervisor has noted in writing why this officer does it now"),
            _("The note stays with the agency. The receipt says that you confirmed it."),
        ),
        Condition.LEAD_OFFICER: (_("A certified police officer leads"), ""),
        Condition.INTERPRETER: (
            _("An interpreter is there, where one is needed"),
            _(
                "The interpreter has no link to the employer, to the family or to anybody who came with the "
                "person."
            ),
        ),
        Condition.SECOND_WORKER: (_("A second worker is present"), ""),
        Condition.LEGAL_BASIS: (
            _("The legal basis is noted in writing"),
            _("A clearance gives no right of entry."),
        ),
        Condition.NOT_THE_PROPOSER: (
            _("This officer did not propose the measure themselves"),
            _("For example an expulsion: another officer screens the person."),
        ),
    }
    return [(code, *texts[Condition(code)]) for code in codes]


def not_offered_text(codes: Sequence[str]) -> str:
    """The reason that nobody can be cleared for a function; empty where somebody can."""
    if not codes:
        return ""
    return _("Nobody can be cleared for this yet: there is no way to earn %(codes)s.") % {
        "codes": ", ".join(codes)
    }


# For a decision whose receipt does not verify, whatever its row says.
NOT_CHECKED = DecisionVerdict("unknown", gettext_lazy("Could not be checked"))
NOT_SIGNED_SO = gettext_lazy(
    "The signature failed the check, or the record differs from what was signed. Do not rely on this receipt."
)


def whole_day(end: datetime | None) -> date | None:
    """The last day of a period that ends at midnight in Baku; None for one that ends within a day."""
    return clock.last_day(end) if end is not None and clock.start_of(clock.first_day(end)) == end else None


def sentence(answer: str, name: str, *, now: bool) -> str:
    """One sentence under the verdict: what it means for this person, now or at the time asked about."""
    texts = {
        Answer.CLEARED: _("%(name)s may do this now.") if now else _("%(name)s may do this at that time."),
        Answer.CONDITIONAL: _("%(name)s may do this now, under the conditions that are named.")
        if now
        else _("%(name)s may do this at that time, under the conditions that are named."),
        Answer.NOT_CLEARED: _("%(name)s may not do this now.")
        if now
        else _("%(name)s may not do this at that time."),
        Answer.NOT_GATED: _("Rescue, first contact and referral never wait for a certificate."),
        Answer.UNDETERMINED: _("Some data could not be read or checked, so nobody is cleared."),
    }
    return texts[Answer(answer)] % {"name": name}


def findings(
    reasons: Iterable[Mapping[str, Any]], ways: Mapping[str, QualificationPath] | None = None
) -> tuple[list[ReasonWords], list[ReasonWords]]:
    """(reasons against, findings in favour) of a decision's `reasons`, in the active language. `ways`: those of many."""
    reasons = list(reasons)
    if ways is None:
        ways = ways_of(reasons)
    against, favour = [], []
    for reason in reasons:
        why = ReasonCode(reason["code"])
        way = ways.get(reason.get("qualification", "")) or QualificationPath("", "")
        if why in YES:
            favour.append(_favour(why, reason, way))
        else:
            against.append(_against(why, reason, way))
    return against, favour


def ways_of(reasons: Iterable[Mapping[str, Any]]) -> Mapping[str, QualificationPath]:
    return qualification_paths(reason["qualification"] for reason in reasons if reason.get("qualification"))


def _favour(why: ReasonCode, reason: Mapping[str, Any], way: QualificationPath) -> ReasonWords:
    if why is ReasonCode.NOT_GATED:
        return ReasonWords(
            state="ok", title=_("This function needs no clearance"), text=_("Anyone on duty does it.")
        )
    code = grouped(reason["short_code"])
    if why is ReasonCode.GRACE:
        return ReasonWords(
            state="condition",
            title=_("The certificate %(code)s has expired") % {"code": reason["qualification"]},
            text=_("%(number)s; the period of grace ends on %(day)s")
            % {"number": code, "day": day_text(_last(reason["until"]))},
        )
    return ReasonWords(
        state="ok",
        title=_("The certificate %(code)s is valid") % {"code": reason["qualification"]},
        text=_("%(number)s, until %(day)s") % {"number": code, "day": day_text(_last(reason["until"]))},
    )


def _against(why: ReasonCode, reason: Mapping[str, Any], way: QualificationPath) -> ReasonWords:
    title, text = _facts(why, reason, way)
    words = ReasonWords(title=title, text=text)
    if reason.get("barred") and why is not ReasonCode.SUSPENDED:  # a suspension bars, and ends by itself
        words["remedy"] = _(
            "The exam opens only when two registrars have readmitted the officer. Choose somebody else."
        )
    elif why in COURSE_HELPS and way.course_url:
        words |= {"remedy": _("The officer passes the course:"), "href": way.course_url}
        words["link_text"] = way.course_name
    else:
        words["remedy"] = str(REMEDIES.get(why, REMEDIES[ReasonCode.NONE_HELD]))
    return words


def title_of(reason: Mapping[str, Any]) -> str:
    """Say a reason against, without a query: also for a cell of a table."""
    titles = {
        ReasonCode.NO_POSTING: _("The officer does not serve in your units at that time"),
        ReasonCode.ROLE: _("This function belongs to another role"),
        ReasonCode.ON_LEAVE: _("The officer is on leave at that time"),
        ReasonCode.NONE_HELD: _("There is no certificate %(code)s"),
        ReasonCode.NOT_OFFERED: _("Nobody can earn the certificate %(code)s yet"),
        ReasonCode.VOID: _("The certificate %(code)s is void"),
        ReasonCode.REVOKED: _("The certificate %(code)s is revoked"),
        ReasonCode.SUPERSEDED: _("The certificate %(code)s was replaced by another"),
        ReasonCode.ENDED: _("The certificate %(code)s was ended"),
        ReasonCode.SUSPENDED: _("The certificate %(code)s is suspended"),
        ReasonCode.EXPIRED: _("The certificate %(code)s has expired"),
        ReasonCode.NOT_YET: _("The certificate %(code)s is not valid yet"),
        ReasonCode.NO_REQUIREMENT: _("No rule was in force for this function at that time"),
        ReasonCode.UNREADABLE: _("The records could not be checked"),
        ReasonCode.OTHER_NAME: _("The certificate %(code)s was issued to another name"),
        ReasonCode.CLOCK: _("The clock of the server is wrong"),
    }
    return titles[ReasonCode(reason["code"])] % {"code": _codes(reason)}


def _facts(why: ReasonCode, reason: Mapping[str, Any], way: QualificationPath) -> tuple[str, str]:
    """Title and explanation of a reason against."""
    at = day_text(datetime.fromisoformat(reason["at"])) if reason.get("at") else ""
    named = {"code": _codes(reason), "day": at}
    texts = {
        ReasonCode.ROLE: _("It is performed by: %(roles)s.") % {"roles": _roles(reason.get("roles", ()))},
        ReasonCode.EXPIRED: _("It was valid until %(day)s.") % {"day": _until(reason)},
        ReasonCode.NOT_YET: _("It begins on %(day)s.") % named,
        ReasonCode.NO_REQUIREMENT: _("Without a rule nobody is cleared."),
        ReasonCode.UNREADABLE: _("A signature failed the check, or a record differs from what was signed."),
        ReasonCode.OTHER_NAME: _("The name in the record differs from the name that was signed."),
        ReasonCode.CLOCK: _(
            "It shows an earlier time than what is already recorded, so nothing can be relied on."
        ),
    }
    since = _("Since %(day)s.") % named if at else ""
    return title_of(reason), texts.get(why, way.name if why is ReasonCode.NONE_HELD else since)


def _codes(reason: Mapping[str, Any]) -> str:
    """The qualification; where any one of several would do, and none is held, all of them."""
    choice = reason.get("choice") if reason["code"] in _NONE else None
    if not choice:
        return str(reason.get("qualification", ""))
    return " / ".join(choice)


_NONE = (ReasonCode.NONE_HELD, ReasonCode.NOT_OFFERED)
COURSE_HELPS = frozenset(
    {
        ReasonCode.NONE_HELD,
        ReasonCode.EXPIRED,
        ReasonCode.VOID,
        ReasonCode.REVOKED,
        ReasonCode.SUPERSEDED,
        ReasonCode.ENDED,
    }
)
REMEDIES: Mapping[ReasonCode, StrOrPromise] = {
    ReasonCode.NO_POSTING: gettext_lazy("Ask for somebody of your own units."),
    ReasonCode.ON_LEAVE: gettext_lazy("Choose somebody else; a wrong entry is corrected by the coordinator."),
    ReasonCode.ROLE: gettext_lazy("Give the task to somebody of that role."),
    ReasonCode.NONE_HELD: gettext_lazy("Ask the coordinator of your agency which course leads to it."),
    ReasonCode.NOT_OFFERED: gettext_lazy(
        "Tell the rule owners: until there is a way to earn it nobody can be cleared."
    ),
    ReasonCode.SUSPENDED: gettext_lazy("A suspension ends by itself; until then choose somebody else."),
    ReasonCode.NOT_YET: gettext_lazy("Ask again on that day, or choose somebody else."),
    ReasonCode.NO_REQUIREMENT: gettext_lazy("Tell the administrator which function and day you asked about."),
    ReasonCode.UNREADABLE: gettext_lazy("Ask again in a few minutes; if it stays so, tell the registrar."),
    ReasonCode.OTHER_NAME: gettext_lazy(
        "The coordinator or the registrar proposes a correction of the certificate; or of the name "
        "in the record."
    ),
    ReasonCode.CLOCK: gettext_lazy("Tell the operator at once; until then nobody is cleared."),
}


def _last(until: str) -> date:
    """The printed last day of a half-open period."""
    return clock.last_day(datetime.fromisoformat(until))


def _until(reason: Mapping[str, Any]) -> str:
    return day_text(_last(reason["at"])) if reason.get("at") else ""


def _roles(codes: Iterable[str]) -> str:
    wanted = list(codes)
    return ", ".join(role.name for role in Role.objects.filter(code__in=wanted)) if wanted else ""
