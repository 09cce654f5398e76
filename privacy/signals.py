"""A person's own data is exported or erased: each app serves its own rows. Sent inside the transaction."""

from django.dispatch import Signal

# A test walks all models and finds those whose app does not answer.
person_exporting = Signal()  # export: privacy.export.Export
person_erasing = Signal()  # erasure: privacy.erasure.Erasure; while number and address are still known
# erasure; sent afterwards: the record itself, and what operations, people and accounts keep, go last.
record_erasing = Signal()
