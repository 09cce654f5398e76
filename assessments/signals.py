"""Changes to attempts that other apps follow."""

from django.dispatch import Signal

# attempt: closed and marked. Sent inside the transaction of the marks: what a receiver writes commits
# with them, and a receiver that fails undoes the closing.
attempt_closed = Signal()
