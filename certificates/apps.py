from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from courses import standing

        from . import in_register, mail, receivers  # noqa: F401 - notices are registered, signals connected
        from .lapsing import lapsed

        standing.lapsed.append(lapsed)
