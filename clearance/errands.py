"""Errands of clearance: an open yes is evaluated anew."""

from operations.models import Errand
from operations.outbox import ErrandStep, register_errand

from . import actions_recall
from .evaluation import Evaluation
from .models import Decision


def _decision(errand: Errand) -> Decision | None:
    return Decision.objects.open_yeses().with_all().filter(public_id=errand.payload["decision"]).first()


def _evaluate(errand: Errand) -> Evaluation | None:
    decision = _decision(errand)
    return actions_recall.evaluated_now(decision) if decision is not None else None


def _recall(errand: Errand, found: Evaluation | None) -> None:
    decision = _decision(errand)
    if decision is not None and found is not None and actions_recall.is_recalled(found):
        actions_recall.recall(decision=decision, found=found, by=None)


register_errand(actions_recall.RECHECK, ErrandStep("recalled", prepare=_evaluate, commit=_recall))
