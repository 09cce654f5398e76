from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from . import country, exporting, figures, mail, merged_records  # noqa: F401 - registered
