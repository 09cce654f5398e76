from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

from . import constraints_by_proposal


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        # each app its own: operations knows nobody
        autodiscover_modules("errands", "scheduled", "audit_labels", "retention")
        pre_migrate.connect(_drop_triggers, sender=self)
        post_migrate.connect(_make_triggers, sender=self)


def _drop_triggers(using: str, plan: Any = (), **kwargs: Any) -> None:
    if plan:
        constraints_by_proposal.drop_triggers(using)


def _make_triggers(using: str, **kwargs: Any) -> None:
    constraints_by_proposal.make_triggers(using)
