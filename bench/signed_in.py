"""People of a storm: who holds a position, in a browser of their own, and what they send over HTTP."""

import http.client
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

TOKEN = "a" * 32  # of form and cookie
PROVED_UNTIL = 7200  # seconds from now on: they prove who they are for the whole storm


def send(base_url: str, path: str, form: dict[str, str], *, session: str) -> None:
    """Post a form. ConnectionError where nobody knows what came of it, RuntimeError where the page refuses it."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
    headers = {
        "Cookie": f"csrftoken={TOKEN}; sessionid={session}", "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    try:
        connection.request("POST", path, urlencode(form), headers)
        status = connection.getresponse().status
    except http.client.HTTPException as error:
        raise ConnectionError from error
    finally:
        connection.close()
    if status >= 500:
        raise ConnectionError(status)
    if status not in (302, 303):
        raise RuntimeError(f"{path}: {status}")


def registrars_and_coordinator(agency: Any) -> list[str]:
    """Make two registrars and a coordinator of the agency; return the sessions of the two."""
    from people.models import Grant

    registrars = [holder(f"registrar{number}", Grant.Position.REGISTRAR) for number in range(2)]
    holder("coordinator", Grant.Position.COORDINATOR, agency=agency)
    return [session_of(person) for person in registrars]


def holder(name: str, position: str, **scope: Any) -> Any:
    from operations import notices
    from people.actions.grants import grant
    from people.actions.persons import add_person

    person = add_person(family_name="Əliyev", given_name="Rəşad", email=f"{name}@agency.example", by=None)
    person.notice_rhythm = notices.Rhythm.AT_ONCE  # the mail is counted too
    person.save(update_fields=["notice_rhythm"])
    grant(person=person, position=position, by=None, **scope)
    return person


def session_of(person: Any) -> str:
    """A browser with a second factor, shown so lately that nothing asks for it again during the storm."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from .harness import BACKEND

    session, at = SessionStore(), time.time() + PROVED_UNTIL
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": at}, {"method": "mfa", "type": "totp", "at": at},
    ]  # fmt: skip
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return str(session.session_key)


def waiting_about(subject_id: str) -> str:
    """Return the public id of the proposal that waits about a person or a certificate; empty where none does."""
    from operations import proposals

    found = proposals.waiting(subject_id=subject_id).first()
    return found.public_id if found else ""
