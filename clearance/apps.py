from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "clearance"

    def ready(self) -> None:
        from . import (  # noqa: F401 - connected, notices registered
            actions_shift,
            decision_export,
            duty_effects,
            errands,
            evidence_job,
            mail,
            people_extensions,
            receivers,
            rules_job,
            trail,
        )
