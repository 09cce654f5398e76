"""The merging of two records, for apps that keep rows of people. Sent inside its transaction."""

from django.dispatch import Signal

# kept, gone: User; by. Sent when gone is closed already: what belongs to it is carried over, or read as kept's.
person_merged = Signal()
