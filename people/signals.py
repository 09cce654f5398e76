"""What others hear of people. Sent inside the transaction of the change."""

from django.dispatch import Signal

# Each app's receiver serves its own rows; the test that walks all models finds whoever does not answer.
person_exporting = Signal()  # export: people.rights.export.Export
person_erasing = Signal()  # erasure: people.rights.erasure.Erasure
# kept, gone: User. Sent when gone is closed already: what belongs to it is carried over, or read as kept's.
person_merged = Signal()
