"""Letters about an appeal: who may decide it is looked up by the worker."""

from operations.models import Errand
from operations.outbox import ErrandStep, register_errand

from .actions_appeals import TELL_ASSESSORS, tell_assessors
from .models import Appeal


def _tell(errand: Errand, prepared: None) -> None:
    told = errand.payload
    appeal = Appeal.objects.select_related("decision").get(public_id=told["appeal"])
    tell_assessors(appeal=appeal, threshold=told["threshold"], but=told["but"], by=None)


register_errand(TELL_ASSESSORS, ErrandStep("told", commit=_tell))
