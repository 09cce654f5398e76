from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from . import country, exporting, figures, mail  # noqa: F401 - registered
