"""Self-checks as HTML: rendered once for all readers, then each reader's with a few replacements.

Unanswered, nothing in the page tells what is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, override
from django_stubs_ext import StrOrPromise

from assessments.answers import places
from assessments.questions import NONE, Child, MatchQuestion, OrderQuestion, children_of
from assessments.tokens import Tokens

from .figure_texts import with_figures
from .self_checks import CheckAnswer, CheckQuestion, LessonWords, answer_of, tokens_of

TOKEN_SLOT = "<!--csrf-->"
_PARTS, _NAME, _OFFERED = (mark_safe(f"<!--{slot}-->") for slot in ("parts", "name", "offered"))
KINDS: dict[str, tuple[str, StrOrPromise]] = {  # of check -> icon, name
    "choice": ("tick", gettext_lazy("Check yourself")),
    "actions": ("swap", gettext_lazy("Do or do not")),
    "indicators": ("eye", gettext_lazy("Find the indicators")),
    "match": ("match", gettext_lazy("Match")),
    "order": ("order", gettext_lazy("Put in order")),
    "next_line": ("speak", gettext_lazy("The next line")),
}


@dataclass(frozen=True)
class RenderedCheck:
    """`html` has a slot for the parts, each part one for its name and one for the indicators offered."""

    kind: str
    question: CheckQuestion
    words: LessonWords
    language: str
    html: str
    parts: Mapping[str, str]  # by code
    offered: Mapping[str, str]  # by code of the indicator

    def view(self, reader: str, answer: CheckAnswer | None = None) -> str:
        """Return the check in the reader's own order; with an answer, every part of it explained."""
        tokens = tokens_of(self.question, reader)
        if answer is not None:
            with override(self.language):
                return self._answered(tokens, answer)
        offered = _sorted(self.offered, tokens)
        parts = _sorted(self.parts, tokens).replace(_OFFERED, offered)
        return self.html.replace(_PARTS, parts)

    def answer(self, fields: Mapping[str, Sequence[str]], reader: str) -> CheckAnswer:
        return answer_of(self.question, self.words, fields, reader, self.language)

    def _answered(self, tokens: Tokens, answer: CheckAnswer) -> str:
        parts = {
            child.code: _part(self, child, answer, _offered(self, _chosen(answer, child), tokens))
            for child in children_of(self.question)
        }
        html = _frame(self, mark_safe(_sorted(parts, tokens)), answer)
        return with_figures(html, self.language, html=True)


def rendered(kind: str, question: CheckQuestion, words: LessonWords, language: str) -> RenderedCheck:
    """The check for every reader, in the active language."""
    bare = RenderedCheck(kind, question, words, language, "", {}, {})
    offered = question.indicators if isinstance(question, MatchQuestion) else ()
    return RenderedCheck(
        kind,
        question,
        words,
        language,
        html=with_figures(_frame(bare, _PARTS), language, html=True),
        parts={
            child.code: with_figures(_part(bare, child, None, _offered_slot(question)), language, html=True)
            for child in children_of(question)
        },
        offered={code: _option(_NAME, words.indicators[code].text.read_in(language)) for code in offered},
    )


def _sorted(parts: Mapping[str, str], tokens: Tokens) -> str:
    named = sorted((tokens.of(code), html) for code, html in parts.items())
    return "".join([html.replace(str(_NAME), name) for name, html in named])


def _chosen(answer: CheckAnswer | None, child: Child) -> str:
    """Return the answer given to a part: its own, "yes" where it was chosen, or nothing."""
    match answer.value if answer else None:
        case dict() as given:
            said: str = given.get(child.code, "")
            return said
        case list() as chosen:
            return "yes" if child.code in chosen else ""
        case chosen:
            return "yes" if chosen == child.code else ""


def _offered_slot(question: CheckQuestion) -> SafeString:
    if isinstance(question, MatchQuestion):
        return format_html("{}{}", _OFFERED, _option(NONE, gettext("No indicator")))
    return _places(question, "")


def _offered(check: RenderedCheck, chosen: str, tokens: Tokens) -> SafeString:
    question = check.question
    if not isinstance(question, MatchQuestion):
        return _places(question, chosen)
    words = {tokens.of(code): code for code in question.indicators}
    texts = check.words.indicators
    shown = [
        _option(name, texts[words[name]].text.read_in(check.language), words[name] == chosen)
        for name in sorted(words)
    ]
    return SafeString("".join([*shown, _option(NONE, gettext("No indicator"), chosen == NONE)]))


def _places(question: CheckQuestion, chosen: str) -> SafeString:
    found = places(question) if isinstance(question, OrderQuestion) else ()
    return SafeString("".join(_option(place, place, place == chosen) for place in found))


def _option(value: str, text: str, chosen: bool = False) -> SafeString:
    return format_html(
        '<option value="{}"{}>{}</option>', value, mark_safe(" selected" if chosen else ""), text
    )


def _part(check: RenderedCheck, child: Child, answer: CheckAnswer | None, offered: SafeString) -> str:
    context = {
        "code": check.question.code,
        "name": _NAME,
        "kind": check.kind,
        "text": child.text.read_in(check.language),
        "chosen": _chosen(answer, child),
        "offered": offered,
        "line": answer.lines.get(child.code) if answer else None,
    }
    return render_to_string(f"courses/checks/{check.question.kind}.html", context)


def _frame(check: RenderedCheck, parts: SafeString, answer: CheckAnswer | None = None) -> str:
    icon, name = KINDS[check.kind]
    said = next((c for c in children_of(check.question) if answer and answer.value == c.code), None)
    context: dict[str, Any] = {
        "id": check.question.code,
        "kind": check.kind,
        "icon": icon,
        "name": name,
        "prompt": check.question.prompt.read_in(check.language),
        "parts": parts,
        "answer": answer,
        "none": bool(answer and answer.value == []),
        "said": said and said.text.read_in(check.language),
        "then": said and said.reason.read_in(check.language),
        "token_slot": mark_safe(TOKEN_SLOT),
    }
    return render_to_string("courses/blocks/check.html", context)
