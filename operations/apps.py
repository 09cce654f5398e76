from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        # each app its own: operations knows nobody
        autodiscover_modules("errands", "scheduled", "audit_labels", "retention")
