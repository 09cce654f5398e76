"""Pages of an attempt, for who takes it."""

from .answers import answers
from .attempt import attempt, close, feedback
from .stage import stage

__all__ = ["answers", "attempt", "close", "feedback", "stage"]
