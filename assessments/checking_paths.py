"""Ways through a case: all end, all are worth the same, and on each the verdict agrees with the elements."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from .content import CaseStage, Content
from .content_parts import ContentProblem
from .questions import (
    END,
    BranchQuestion,
    ElementsQuestion,
    Question,
    VerdictQuestion,
    critical_lines,
)
from .stage_paths import every_path, next_codes

type Path = tuple[str | int, ...]
type Way = tuple[CaseStage, ...]
type States = Mapping[str, str]  # of act, means, purpose


def path_problems(content: Content) -> Iterator[ContentProblem]:
    broken = [*_broken_links(content)]
    yield from broken
    if broken:
        return
    if circle := _circle(content):
        yield ContentProblem(("stages",), f"a circle: {_named(circle)}")
        return
    ways = list(every_path(content))
    reached = {stage.code for way in ways for stage in way}
    for number, stage in enumerate(content.stages):
        if stage.code not in reached:
            yield ContentProblem(("stages", number), f"no way leads to {stage.code}")
    yield from _unequal(ways, "points", lambda question: question.points)
    yield from _unequal(ways, "critical lines", critical_lines)
    yield from dict.fromkeys(problem for way in ways for problem in _of_verdicts(content, way))


def _broken_links(content: Content) -> Iterator[ContentProblem]:
    known = {stage.code for stage in content.stages} | {END}
    for number, stage in enumerate(content.stages):
        at: Path = ("stages", number)
        if stage.code == END:
            yield ContentProblem((*at, "code"), f"{END} is the end of a case, not a stage")
        for place, question in enumerate(stage.questions[:-1]):
            if isinstance(question, BranchQuestion):
                yield ContentProblem((*at, "questions", place), "a branch is the last question of its stage")
        if stage.branch is None:
            if stage.leads_to is not None and stage.leads_to not in known:
                yield ContentProblem((*at, "leads_to"), f"there is no stage {stage.leads_to}")
            continue
        if stage.leads_to is not None:
            yield ContentProblem((*at, "leads_to"), "the branch says where the stage leads")
        for index, option in enumerate(stage.branch.options):
            if option.leads_to not in known:
                where = (*at, "questions", len(stage.questions) - 1, "options", index, "leads_to")
                yield ContentProblem(where, f"there is no stage {option.leads_to}")


def _circle(content: Content) -> list[CaseStage]:
    """Stages that lead back to the first of them, which stands last too; none where every way ends."""
    done: set[str] = set()

    def visit(stage: CaseStage, way: list[CaseStage]) -> list[CaseStage]:
        if stage in way:
            return [*way[way.index(stage) :], stage]
        if stage.code in done:
            return []
        for code in next_codes(content, stage).values():
            if code != END and (found := visit(content.stage(code), [*way, stage])):
                return found
        done.add(stage.code)
        return []

    return next((found for stage in content.stages if (found := visit(stage, []))), [])


def _unequal(ways: Sequence[Way], what: str, worth: Callable[[Question], int]) -> Iterator[ContentProblem]:
    """One of two ways that differ is named with the first."""
    totals = [sum(worth(question) for stage in way for question in stage.questions) for way in ways]
    for way, total in zip(ways, totals, strict=True):
        if total != totals[0]:
            text = f"{_named(ways[0])} carries {totals[0]} {what}, {_named(way)} carries {total}"
            yield ContentProblem(("stages",), text)
            return


def _named(way: Sequence[CaseStage]) -> str:
    return " → ".join(stage.code for stage in way)


def _of_verdicts(content: Content, way: Way) -> Iterator[ContentProblem]:
    """Each verdict goes by the elements asked last before it, in its own stage also after it; else by the next."""
    asked = [(place, question) for place, stage in enumerate(way) for question in stage.questions]
    elements = [(place, question) for place, question in asked if isinstance(question, ElementsQuestion)]
    for place, question in asked:
        if not isinstance(question, VerdictQuestion) or not elements:
            continue
        before = [each for at, each in elements if at <= place]
        states: dict[str, str] = {
            e.code: e.right for e in (before[-1] if before else elements[0][1]).elements
        }
        for index, option in enumerate(question.options):
            if option.right and not agrees(option.stands_for, states):
                number = content.position(way[place].code)
                told = ", ".join(f"{code} {state}" for code, state in states.items())
                path = ("stages", number, "questions", way[place].questions.index(question), "options", index)
                yield ContentProblem((*path, "stands_for"), f"{option.stands_for} does not agree with {told}")


def agrees(stands_for: str, states: States) -> bool:
    """Return whether a verdict may be right with these elements."""
    act, means, purpose = (states.get(code) for code in ("act", "means", "purpose"))
    whole = act == purpose == "present" and means in {"present", "not-needed"}
    match stands_for:
        case "trafficking" | "presumed":
            return whole
        case "potential" | "exploited" | "too-early":
            return not whole and bool({"present", "unknown"} & {act, means, purpose})
        case "smuggling" | "none":
            return purpose == "absent"
        case _:  # something else than trafficking: what trafficking needs is known to be missing
            return "absent" in {means, purpose}
