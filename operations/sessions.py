"""Sessions in the database, read by a prepared query: each page of somebody signed in asks.

No copy is kept anywhere: what is signed out is over at the next request.
"""

from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from . import clock
from .prepared import PreparedQuery


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        for data, expires in _sessions().rows(self.session_key or ""):
            if expires > clock.real_now():
                return self.decode(data)
        self._session_key = None
        return {}


@lru_cache(maxsize=1)
def _sessions() -> PreparedQuery:
    return PreparedQuery(Session.objects.filter(session_key="").values_list("session_data", "expire_date"))
