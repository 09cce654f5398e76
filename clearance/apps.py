from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "clearance"

    def ready(self) -> None:
        from . import in_register, mail, receivers, trail  # noqa: F401 - connected, notices registered
