from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "merging"

    def ready(self) -> None:
        from . import people_extensions  # noqa: F401 - registered
