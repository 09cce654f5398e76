"""The parts of a decision's page that came later: an override, a recall."""

from typing import Any

from clearance import actions_override, permissions, receipts_override, words
from clearance.forms_override import OverrideForm
from clearance.models import Decision
from people.models import User


def became_of(decision: Decision, by: User, form: OverrideForm | None = None) -> dict[str, Any]:
    """Return them for the decision's page. `form`: what was sent to overrule it, with what is wrong."""
    override, recall = getattr(decision, "override", None), getattr(decision, "recall", None)
    may = override is None and permissions.unit_to_override(by, decision) is not None
    return {
        "override": override,
        "override_signed": override is not None and receipts_override.read(override) is not None,
        "override_form": (form or OverrideForm()) if may and not actions_override.why_not(decision) else None,
        "recall": recall,
        "recall_reasons": words.findings(recall.reasons)[0] if recall else (),
    }
