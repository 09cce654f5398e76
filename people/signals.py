"""Changes to people that other apps follow. Sent inside the transaction of the change."""

from django.dispatch import Signal

# kept, gone: User; by. Sent when gone is closed already: what belongs to it is carried over, or read as kept's.
person_merged = Signal()
address_changed = Signal()  # person, by: the e-mail address is another from now on
position_given = Signal()  # grant, by: one that needs a second factor, given by a person
