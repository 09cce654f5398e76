from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from . import mail, mail_positions  # noqa: F401 - notices are registered
