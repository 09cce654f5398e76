"""Codes of a case are for life: answers, marks and the way of an attempt refer to them, and to the version they were of.

Pure. A new version keeps every code of those before it, for the same thing, or names it as retired.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from .content import Content
from .questions import children_of


@dataclass(frozen=True)
class CodeMeaning:
    """The meaning of a code: a stage, a question of a kind, or a line of the question `of`."""

    what: str
    of: str = ""

    def __str__(self) -> str:
        return str(WORDS.get(self.what, WORDS["question"])) % {"kind": self.what, "question": self.of}


WORDS: Mapping[str, StrOrPromise] = {
    "stage": gettext_lazy("a stage"),
    "line": gettext_lazy("a line of the question %(question)s"),
    "question": gettext_lazy("a question of the kind “%(kind)s”"),
}


def named_by(case: Content) -> dict[str, CodeMeaning]:
    """Return what each code names that an answer, a mark or the way of an attempt may refer to."""
    found = {}
    for stage in case.stages:
        found[stage.code] = CodeMeaning("stage")
        for question in stage.questions:
            found[question.code] = CodeMeaning(question.kind)
            found |= {child.code: CodeMeaning("line", question.code) for child in children_of(question)}
    return found


def code_problems(case: Content, earlier: Iterable[Content]) -> Iterator[str]:
    """Yield in words which codes of earlier versions the case has lost, and which name another thing in it.

    With a question its lines go: they need not be named.
    """
    known: dict[str, CodeMeaning] = {}
    for version in earlier:
        known |= named_by(version)
    now = named_by(case)
    lost = known.keys() - now.keys() - set(case.retired)
    if gone := sorted(code for code in lost if not known[code].of or known[code].of in now):
        yield _(
            "%(codes)s: answers refer to this code, so it must stay. Give the part its code back, or list "
            "the code under “retired”. A retired part is no longer asked; its answers stay with the version "
            "in which it was asked."
        ) % {"codes": ", ".join(gone)}
    for code in sorted(known.keys() & now.keys()):
        if known[code] != now[code] and known[code].of not in lost:
            yield _("%(code)s was %(before)s and is now %(now)s. A code is never used twice: give the new part its own.") % {
                "code": code, "before": known[code], "now": now[code],
            }  # fmt: skip
