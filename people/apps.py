from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from . import (  # noqa: F401 - connected
            country,
            exporting,
            figures,
            mail,
            mail_positions,
            mail_rights,
            merged,
            receivers,
            receivers_sign_in,
            sheets,
            undelivered,
        )
        from .rights import errands, jobs, on_pages  # noqa: F401 - registered
        from .roster import mail as mail_rosters  # noqa: F401 - registered
        from .roster import scheduled, work  # noqa: F401 - registered
