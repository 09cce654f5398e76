"""Changes to attempts that other apps follow.

Both are sent inside the transaction of the marks: what a receiver writes commits with them, and a receiver
that fails undoes it.
"""

from django.dispatch import Signal

attempt_closed = Signal()  # attempt: closed and marked
attempt_remarked = Signal()  # attempt, before: a newer marking counts than `before`
