from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "clearance"

    def ready(self) -> None:
        from . import receivers  # noqa: F401 - signals connected
