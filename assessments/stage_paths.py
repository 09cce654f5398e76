"""The way through the stages of a case: which come after which, and which an officer's answers ask. Pure."""

from collections.abc import Iterator, Mapping

from .answers import Value
from .content import CaseStage, Content, Draft
from .questions import END


def next_codes(case: Content | Draft, stage: CaseStage) -> dict[str, str]:
    """The ways on from a stage, by option of its branch ("" where it has none): a stage's code, or END."""
    if stage.branch is not None:
        return {option.code: option.leads_to for option in stage.branch.options}
    if stage.leads_to is not None:
        return {"": stage.leads_to}
    after = case.position(stage.code) + 1
    return {"": case.stages[after].code if after < len(case.stages) else END}


def following(case: Content, stage: CaseStage, answers: Mapping[str, Value]) -> CaseStage | None:
    """The stage after this one; None where the case ends. A branch not answered goes on by its first option."""
    ways = next_codes(case, stage)
    chosen = answers.get(stage.branch.code) if stage.branch else ""
    code = ways.get(chosen) if isinstance(chosen, str) else None
    if code is None:
        code = next(iter(ways.values()))
    return None if code == END else case.stage(code)


def stages_on_path(case: Content, answers: Mapping[str, Value]) -> list[CaseStage]:
    """The stages that these answers lead through, from the first to the end."""
    path: list[CaseStage] = []
    stage: CaseStage | None = case.stages[0]
    while stage is not None:
        path.append(stage)
        stage = following(case, stage, answers)
    return path


def every_path(case: Content | Draft) -> Iterator[tuple[CaseStage, ...]]:
    """Every way from the first stage to the end. Only for cases without circles: `checking` refuses those."""

    def onward(stage: CaseStage) -> Iterator[tuple[CaseStage, ...]]:
        for code in dict.fromkeys(next_codes(case, stage).values()):
            if code == END:
                yield (stage,)
            else:
                for rest in onward(case.stage(code)):
                    yield (stage, *rest)

    yield from onward(case.stages[0])
