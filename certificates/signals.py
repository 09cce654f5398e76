"""What others may hear of certificates. Sent inside the transaction of the change."""

from django.dispatch import Signal

certificate_issued = Signal()  # certificate
certificate_changed = Signal()  # certificate, event
