"""Cases and blueprints, what admits to an exam, attempts with their answers and marks."""

from .admission import ExamRelease, ExtraTime, KeySeen
from .attempts import (
    GRACE,
    Answer,
    Attempt,
    AttemptCase,
    AttemptSession,
    Mark,
    StageProgress,
)
from .cases import Blueprint, BlueprintVersion, Scenario, ScenarioFamily, ScenarioVersion, Use

__all__ = [
    "GRACE",
    "Answer",
    "Attempt",
    "AttemptCase",
    "AttemptSession",
    "Blueprint",
    "BlueprintVersion",
    "ExamRelease",
    "ExtraTime",
    "KeySeen",
    "Mark",
    "Scenario",
    "ScenarioFamily",
    "ScenarioVersion",
    "StageProgress",
    "Use",
]
