"""Mail that the demo has sent: files under var/mail, read as messages. Nothing here needs the database."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

BETWEEN = b"-" * 79  # what Django's file backend writes after each message
MOST = 500


@dataclass(frozen=True)
class SentMail:
    """One message. `key` names it in addresses."""

    key: str
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def at(self) -> datetime | None:
        date = self.message["Date"]
        return date.datetime if date is not None else None

    @property
    def text(self) -> str:
        return self.part("plain")

    @property
    def has_html(self) -> bool:
        return self.message.get_body(("html",)) is not None

    def part(self, kind: str) -> str:
        """The text of the plain or html part; empty where there is none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


def sent(folder: Path) -> Iterator[SentMail]:
    """The newest first, at most 500."""
    files = sorted(folder.glob("*.log"), reverse=True)  # their names begin with the time
    number = 0
    for path in files:
        for place, content in reversed(list(enumerate(path.read_bytes().split(BETWEEN)))):
            if not content.strip():
                continue
            message = message_from_bytes(content.lstrip(), policy=policy.default)
            yield SentMail(hashlib.sha256(f"{path.name}:{place}".encode()).hexdigest()[:22], message)
            number += 1
            if number == MOST:
                return


def one(folder: Path, key: str) -> SentMail | None:
    return next((mail for mail in sent(folder) if mail.key == key), None)
