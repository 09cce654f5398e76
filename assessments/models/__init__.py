"""Cases and blueprints, what admits to an exam, attempts with their answers, marks, appeals."""

from .admission import ExamRelease, ExtraTime, KeySeen
from .appeals import AnswersSeen, Appeal, AppealDecision, Counts, WhyOtherwise
from .attempts import (
    GRACE,
    Answer,
    Attempt,
    AttemptCase,
    AttemptSession,
    StageProgress,
)
from .cases import Blueprint, BlueprintVersion, Scenario, ScenarioFamily, ScenarioVersion, Use
from .marks import Mark, Marking

__all__ = [
    "GRACE",
    "Answer",
    "AnswersSeen",
    "Appeal",
    "AppealDecision",
    "Attempt",
    "AttemptCase",
    "AttemptSession",
    "Blueprint",
    "BlueprintVersion",
    "Counts",
    "ExamRelease",
    "ExtraTime",
    "KeySeen",
    "Mark",
    "Marking",
    "Scenario",
    "ScenarioFamily",
    "ScenarioVersion",
    "StageProgress",
    "Use",
    "WhyOtherwise",
]
