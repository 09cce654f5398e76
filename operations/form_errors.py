"""Refusals of an action, as errors of the form that asked for it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form

from .history import HistoryError

field_of_constraint: dict[str, str] = {}  # beside which field a refusal of a history is said; apps fill it


def refused(form: Form, perform: Callable[[], Any], *, trial: bool = False) -> bool:
    """Perform it, or only try it; return whether it was refused, with the words beside a field of the form."""
    try:
        with transaction.atomic():
            perform()
            transaction.set_rollback(trial)
    except HistoryError as refusal:
        field = field_of_constraint.get(refusal.constraint, "")
        form.add_error(field if field in form.fields else None, str(refusal))
    except ValidationError as refusal:
        add_errors(form, refusal)
    else:
        return False
    return True


def add_errors(form: Form, refusal: ValidationError) -> None:
    """Add each error beside its field, where the form has it."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, ValidationError(refusal.messages))
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
