from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "clearance"

    def ready(self) -> None:
        from . import in_register, receivers, trail  # noqa: F401 - signals connected, a part of the own trail
