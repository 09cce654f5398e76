"""The frozen decision, what was signed of it, and what would be signed of it now."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from clearance import receipts_override
from clearance.models import Decision, DecisionOverride, DutyFunction
from clearance.receipts import BUILDERS, FORMAT

FOLDER = Path(__file__).parent
type Json = dict[str, Any]
INSTANTS = ("instant", "until", "asked_at")


def decision(number: int = FORMAT) -> Decision:
    """Return the frozen decision, unsaved."""
    kept = json.loads((FOLDER / f"decision-{number}.json").read_text(encoding="utf-8"))
    instants = {name: datetime.fromisoformat(kept[name]) for name in INSTANTS}
    return Decision(**{**kept, **instants, "function": DutyFunction(**kept["function"])})


def kept_claims(number: int = FORMAT) -> Json:
    return dict(json.loads((FOLDER / f"receipt-{number}.json").read_text(encoding="utf-8")))


def claims(number: int = FORMAT) -> Json:
    return dict(BUILDERS[number](decision(number)))


def override(number: int = receipts_override.FORMAT) -> DecisionOverride:
    """Return the frozen override of a refusal, unsaved."""
    kept = json.loads((FOLDER / f"override-{number}.json").read_text(encoding="utf-8"))
    instants = {name: datetime.fromisoformat(kept[name]) for name in ("at", "review_until")}
    refused = decision()
    refused.answer, refused.receipt = "not-cleared", b"receipt"
    return DecisionOverride(decision=refused, reason=kept["reason"], **instants)


def kept_override_claims(number: int = receipts_override.FORMAT) -> Json:
    return dict(json.loads((FOLDER / f"receipt-override-{number}.json").read_text(encoding="utf-8")))


def override_claims(number: int = receipts_override.FORMAT) -> Json:
    return dict(receipts_override.BUILDERS[number](override(number)))
