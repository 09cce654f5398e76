"""Rules of content, for who writes it: `check_curriculum` tells what breaks them, loading does not ask.

What files must agree on to be loaded at all stands in `curriculum.checks`. Pure; touches no database.
"""

from ..files import FileProblem
from ..reading import Curriculum
from .exams import exam_problems
from .facts import fact_problems
from .languages import language_problems
from .lessons import lesson_problems
from .passages import passages_of
from .repeats import repeat_problems
from .sentences import minute_problems, sentence_problems
from .terms import term_problems


def content_problems(curriculum: Curriculum) -> list[FileProblem]:
    """Return every breach, in the order of files and lines."""
    passages = passages_of(curriculum)
    problems = [
        *lesson_problems(curriculum),
        *exam_problems(curriculum),
        *minute_problems(curriculum, passages),
        *sentence_problems(passages),
        *fact_problems(passages),
        *language_problems(passages),
        *term_problems(curriculum, passages),
        *repeat_problems(curriculum, passages),
    ]
    return sorted(set(problems))
