"""Refusals of what cannot be done with an attempt now. The texts are for the person who asked."""

from datetime import datetime

from django.utils.translation import gettext as _

from locales.dates import day_text, instant_text


class AttemptError(Exception):
    """Base of all; a subclass for each reason that a page tells apart."""


class TooEarly(AttemptError):
    def __init__(self, retry_at: datetime) -> None:
        self.retry_at = retry_at
        super().__init__(_("You can try again from %(instant)s.") % {"instant": instant_text(retry_at)})


class NotReady(AttemptError):
    """There are too few cases: for anybody, or (`opens_at`) for this person until a day, if no assessor may open it."""

    def __init__(self, opens_at: datetime | None = None, *, may_be_opened: bool = False) -> None:
        self.opens_at = opens_at
        super().__init__(too_few_cases(opens_at, may_be_opened=may_be_opened))


def too_few_cases(opens_at: datetime | None, *, may_be_opened: bool) -> str:
    """In words. `may_be_opened`: an assessor may let a case come again."""
    if opens_at is None:
        return _("This assessment is not ready yet. Please tell your coordinator.")
    words = _("You have seen all cases of this exam: it opens for you on %(day)s.") % {
        "day": day_text(opens_at)
    }
    return f"{words} {_('An assessor may open it earlier.')}" if may_be_opened else words


class ReleaseNeeded(AttemptError):
    """The attempts of an exam are used up: an assessor decides about the next one."""

    def __init__(self) -> None:
        super().__init__(
            _("You have used the attempts that the rules allow. An assessor decides about the next one.")
        )


class ClockLeapt(AttemptError):
    """The server's clock was set while it ran, and nobody has confirmed it: time that is over closes nothing."""

    def __init__(self) -> None:
        super().__init__(
            _("The server's clock was set. Exams stay as they are until the operator has looked at it.")
        )


class Closed(AttemptError):
    """The attempt or the stage takes no answers any more."""


class Undecided(AttemptError):
    """The stage ends with a decision, and none was made."""

    def __init__(self) -> None:
        super().__init__(_("Decide first: what happens next depends on it."))


class UnknownSession(AttemptError):
    """The page was not opened by the server for this attempt."""

    def __init__(self) -> None:
        super().__init__(_("This page cannot be read any more. Open it again: your answers are kept."))


class NotClosed(AttemptError):
    """There is no result before closing."""

    def __init__(self) -> None:
        super().__init__(_("This attempt is not closed yet."))


class Unanswered(AttemptError):
    """Closing would leave questions without an answer, and nobody said so."""

    def __init__(self, question_codes: list[str]) -> None:
        self.question_codes = question_codes
        super().__init__(_("Some questions are not answered."))
