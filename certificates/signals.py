"""Changes to certificates that other apps follow. Sent inside the transaction of the change."""

from django.dispatch import Signal

certificate_issued = Signal()  # certificate
certificate_changed = Signal()  # certificate, event
