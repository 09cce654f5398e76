"""Statements that the server keeps prepared, and the health check of each request without a round trip of its own.

A server that ends a connection (restart, failover, an administrator, a time limit) says so: what nobody asked for
waits on the socket. Only a network that loses connections silently leaves it quiet: against that the server is asked
after a while, as Django asks at each request.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

ASKED_AGAIN = 30.0  # seconds
PREPARED_AFTER = 3  # times that a connection has asked the same


class DatabaseWrapper(base.DatabaseWrapper):
    asked_at = float("-inf")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self.asked_at = time.monotonic()
        return connection

    def get_connection_params(self) -> dict[str, Any]:
        """Return parameters with which only cursors of `prepared_cursor` prepare: Django's own write values in."""
        return {**super().get_connection_params(), "prepare_threshold": PREPARED_AFTER}

    def prepared_cursor(self) -> Any:
        """Return a cursor for statements that are asked at each request: the server parses and plans them once in each
        connection.
        """
        self.ensure_connection()
        usual, self.connection.cursor_factory = self.connection.cursor_factory, base.ServerBindingCursor
        try:
            return self.cursor()
        finally:
            self.connection.cursor_factory = usual

    def is_usable(self) -> bool:
        if self._is_fresh() and not self.errors_occurred and _is_quiet(self.connection):
            return True
        usable: bool = super().is_usable()
        self.asked_at = time.monotonic()
        return usable

    def _is_fresh(self) -> bool:
        return self.connection is not None and time.monotonic() - self.asked_at < ASKED_AGAIN


def _is_quiet(connection: Any) -> bool:
    """Return whether the connection is open and nothing waits on its socket."""
    if connection.closed or connection.broken:
        return False
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return not socket.poll(0)
