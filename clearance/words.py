"""Reasons and answers in words, for the person who asked. Every reason has its remedy."""

from collections.abc import Iterable, Mapping
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
from .models import Decision
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


# For a decision whose receipt does not verify, whatever its row says.
NOT_CHECKED = DecisionVerdict("unknown", gettext_lazy("Could not be checked"))
NOT_SIGNED_SO = gettext_lazy(
    "The signature did not verify, or the record does not say what was signed. Do not rely on this receipt."
)


def whole_day(end: datetime | None) -> date | None:
    """The last day of a period that ends at midnight in Baku; None for one that ends within a day."""
    return clock.last_day(end) if end is not None and clock.start_of(clock.first_day(end)) == end else None


def sentence(answer: str, name: str, *, now: bool) -> str:
    """One sentence under the verdict: what it means for this person, now or at the time asked about."""
    texts = {
        Answer.CLEARED: _("%(name)s may do this now.") if now else _("%(name)s may do this at that time."),
        Answer.CONDITIONAL: _("%(name)s may do this now, with a supervisor's note.")
        if now
        else _("%(name)s may do this at that time, with a supervisor's note."),
        Answer.NOT_CLEARED: _("%(name)s may not do this now.")
        if now
        else _("%(name)s may not do this at that time."),
        Answer.NOT_GATED: _("Rescue, first contact and referral never wait for a certificate."),
        Answer.UNDETERMINED: _("Something could not be read or checked, so nobody is cleared on it."),
    }
    return texts[Answer(answer)] % {"name": name}


def findings(reasons: Iterable[Mapping[str, Any]]) -> tuple[list[ReasonWords], list[ReasonWords]]:
    """(reasons against, findings in favour) of a decision's `reasons`, in the active language."""
    reasons = list(reasons)
    ways = qualification_paths(reason["qualification"] for reason in reasons if reason.get("qualification"))
    against, favour = [], []
    for reason in reasons:
        why = ReasonCode(reason["code"])
        way = ways.get(reason.get("qualification", "")) or QualificationPath("", "")
        if why in YES:
            favour.append(_favour(why, reason, way))
        else:
            against.append(_against(why, reason, way))
    return against, favour


def _favour(why: ReasonCode, reason: Mapping[str, Any], way: QualificationPath) -> ReasonWords:
    if why is ReasonCode.NOT_GATED:
        return ReasonWords(
            state="ok", title=_("This function needs no clearance"), text=_("Anyone on duty does it.")
        )
    code = grouped(reason["short_code"])
    if why is ReasonCode.GRACE:
        return ReasonWords(
            state="wait",
            title=_("The certificate %(code)s has expired") % {"code": way.code},
            text=_("%(number)s; the period of grace ends on %(day)s")
            % {"number": code, "day": day_text(_last(reason["until"]))},
        )
    return ReasonWords(
        state="ok",
        title=_("The certificate %(code)s is valid") % {"code": way.code},
        text=_("%(number)s, until %(day)s") % {"number": code, "day": day_text(_last(reason["until"]))},
    )


def _against(why: ReasonCode, reason: Mapping[str, Any], way: QualificationPath) -> ReasonWords:
    title, text = _facts(why, reason, way)
    words = ReasonWords(title=title, text=text)
    if why in COURSE_HELPS and way.course_url:
        words |= {"remedy": _("The officer passes the course:"), "href": way.course_url}
        words["link_text"] = way.course_name
    else:
        words["remedy"] = str(REMEDIES.get(why, REMEDIES[ReasonCode.NONE_HELD]))
    return words


def _facts(why: ReasonCode, reason: Mapping[str, Any], way: QualificationPath) -> tuple[str, str]:
    """Title and explanation of a reason against."""
    at = day_text(datetime.fromisoformat(reason["at"])) if reason.get("at") else ""
    named = {"code": way.code, "day": at}
    titles = {
        ReasonCode.NO_POSTING: _("The officer does not serve in your units at that time"),
        ReasonCode.ROLE: _("This function belongs to another role"),
        ReasonCode.ON_LEAVE: _("The officer is on leave at that time"),
        ReasonCode.NONE_HELD: _("There is no certificate %(code)s"),
        ReasonCode.VOID: _("The certificate %(code)s is void"),
        ReasonCode.REVOKED: _("The certificate %(code)s is revoked"),
        ReasonCode.SUPERSEDED: _("The certificate %(code)s was replaced by another"),
        ReasonCode.SUSPENDED: _("The certificate %(code)s is suspended"),
        ReasonCode.EXPIRED: _("The certificate %(code)s has expired"),
        ReasonCode.NOT_YET: _("The certificate %(code)s is not valid yet"),
        ReasonCode.NO_REQUIREMENT: _("No rule was in force for this function at that time"),
        ReasonCode.UNREADABLE: _("The records could not be checked"),
    }
    texts = {
        ReasonCode.ROLE: _("It is performed by: %(roles)s.") % {"roles": _roles(reason.get("roles", ()))},
        ReasonCode.EXPIRED: _("It was valid until %(day)s.") % {"day": _until(reason)},
        ReasonCode.NOT_YET: _("It begins on %(day)s.") % named,
        ReasonCode.NO_REQUIREMENT: _("Without a rule nobody is cleared."),
        ReasonCode.UNREADABLE: _("A signature did not verify, or a record does not say what was signed."),
    }
    since = _("Since %(day)s.") % named if at else ""
    return titles[why] % named, texts.get(why, way.name if why is ReasonCode.NONE_HELD else since)


COURSE_HELPS = frozenset(
    {ReasonCode.NONE_HELD, ReasonCode.EXPIRED, ReasonCode.VOID, ReasonCode.REVOKED, ReasonCode.SUPERSEDED}
)
REMEDIES: Mapping[ReasonCode, StrOrPromise] = {
    ReasonCode.NO_POSTING: gettext_lazy("Ask for somebody of your own units."),
    ReasonCode.ON_LEAVE: gettext_lazy("Choose somebody else; a wrong entry is corrected by the coordinator."),
    ReasonCode.ROLE: gettext_lazy("Give the task to somebody of that role."),
    ReasonCode.NONE_HELD: gettext_lazy("Ask the coordinator of your agency which course leads to it."),
    ReasonCode.SUSPENDED: gettext_lazy(
        "The registrar decides about the suspension; until then choose somebody else."
    ),
    ReasonCode.NOT_YET: gettext_lazy("Ask again on that day, or choose somebody else."),
    ReasonCode.NO_REQUIREMENT: gettext_lazy("Tell the administrator which function and day you asked about."),
    ReasonCode.UNREADABLE: gettext_lazy("Ask again in a few minutes; if it stays so, tell the registrar."),
}


def _last(until: str) -> date:
    """The printed last day of a half-open period."""
    return clock.last_day(datetime.fromisoformat(until))


def _until(reason: Mapping[str, Any]) -> str:
    return day_text(_last(reason["at"])) if reason.get("at") else ""


def _roles(codes: Iterable[str]) -> str:
    wanted = list(codes)
    return ", ".join(role.name for role in Role.objects.filter(code__in=wanted)) if wanted else ""
