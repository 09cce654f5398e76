"""Pages of an attempt, for who takes it."""

from . import own_appeal
from .answers import answers
from .attempt import attempt, close, feedback
from .stage import stage

__all__ = ["answers", "attempt", "close", "feedback", "own_appeal", "stage"]
