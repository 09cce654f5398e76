from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from courses import assessment_state

        from . import mail, people_extensions, receivers  # noqa: F401 - notices are registered, signals connected
        from .lapsing import lapsed

        assessment_state.lapsed.append(lapsed)
