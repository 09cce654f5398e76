"""Checks of functions: what their rules say together."""

from collections.abc import Iterator

from clearance.checking_rules import RECOMMENDATION

from . import schema
from .files import FileProblem
from .reading import Curriculum


def function_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    for function in curriculum.functions:
        for name, message in _problems(function):
            yield curriculum.problem(function, message, name)


def _problems(function: schema.FunctionEntry) -> Iterator[tuple[str, str]]:
    if function.gated and not function.needs:
        yield "needs", "a function that is gated needs something"
    if not function.gated and (function.needs or function.conditions):
        yield "gated", "a function that is never refused needs nothing and sets no condition"
    if function.mode == "enforce" and function.enforce_from:
        yield "enforce_from", "it is enforced already: leave the day out"
    if function.basis != "PD" and function.source is None:
        yield "source", "name the law or the recommendation on which it rests"
    if function.basis == "L" and function.source and RECOMMENDATION.search(function.source.en):
        yield "basis", "a recommendation is not a law: D"
