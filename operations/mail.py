"""Notices as mail: HTML and plain text, in the person's language, with a Message-ID that stays the same.

A mail goes out at least once. Where it may have gone out before (a worker died or a connection broke
in the middle) its notices say "perhaps twice"; receivers that fold equal Message-IDs show one.
"""

from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template import Context, Template, engines
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .models import Notice
from .notices import NO_ADDRESS, notice_kinds

PERMANENT = range(500, 600)  # SMTP reply codes that another try will not change


class MailRefused(Exception):
    """The mail server will not take this message, also later; the text is what it said."""


class PerhapsTaken(OSError):
    """The connection broke while the message was handed over: it may have gone out."""


@dataclass(frozen=True)
class Part:
    text: str
    html: SafeString


def deliver(notices: list[Notice], *, message_id: str) -> None:
    """Send one mail with these notices of one person.

    Raises MailRefused for good; any other error is worth another try, and is marked on the notices
    where the message may have been taken all the same.
    """
    try:
        hand_over(compose(notices, message_id=message_id))
    except PerhapsTaken:
        mark_perhaps_twice(notices)
        raise


def hand_over(message: EmailMultiAlternatives) -> None:
    """To the mail server. Raises MailRefused for good, PerhapsTaken where a connection broke in the middle,
    anything else where nothing was sent.
    """
    mailer = mailers.default
    mailer.open()  # what fails here has sent nothing
    try:
        mailer.send_messages([message])
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code, words, error) from error
    except (SMTPSenderRefused, SMTPDataError) as error:
        raise _refusal(error.smtp_code, error.smtp_error, error) from error
    except ValueError as error:
        raise MailRefused("not an address") from error
    except OSError as error:
        raise PerhapsTaken(str(error)) from error
    finally:
        mailer.close()


def mark_perhaps_twice(notices: list[Notice]) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(perhaps_twice=True)


def compose(notices: list[Notice], *, message_id: str) -> EmailMultiAlternatives:
    """The message in the language of the person; raises MailRefused without an address."""
    person: Any = notices[0].person
    if not (person.email and person.is_active):
        raise MailRefused(NO_ADDRESS)
    with translation.override(person.language):
        parts = [_part(notice) for notice in notices]
        subject = str(notice_kinds[notices[0].kind].subject) if len(notices) == 1 else _("News for you")
        return _framed(subject, parts, to=person.email, language=person.language, message_id=message_id)


def letter(
    template: str, context: dict[str, Any], *, subject: str | Promise, to: str, language: str, message_id: str
) -> EmailMultiAlternatives:
    """One message in the frame of all: `template` is a path without ending, its .html and .txt the body."""
    with translation.override(language):
        around = {"base_url": settings.BASE_URL, **context}
        part = _rendered(template, around)
        return _framed(str(subject), [part], to=to, language=language, message_id=message_id)


def _framed(
    subject: str, parts: list[Part], *, to: str, language: str, message_id: str
) -> EmailMultiAlternatives:
    around = {"parts": parts, "subject": subject, "language": language, "base_url": settings.BASE_URL}
    message = EmailMultiAlternatives(
        subject=subject,
        body=_render("operations/mail/message.txt", around, escaping=False),
        to=[to],
        headers={
            "Message-ID": f"<{message_id}@{settings.HOST.partition(':')[0]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(_render("operations/mail/message.html", around), "text/html")
    return message


def _part(notice: Notice) -> Part:
    kind = notice_kinds[notice.kind]
    context = {
        **kind.context(notice),
        "notice": notice,
        "person": notice.person,
        "base_url": settings.BASE_URL,
    }
    return _rendered(kind.template, context)


def _rendered(template: str, context: dict[str, Any]) -> Part:
    return Part(
        text=_render(f"{template}.txt", context, escaping=False).strip(),
        html=mark_safe(_render(f"{template}.html", context)),  # it was escaped when rendered
    )


def _render(name: str, context: dict[str, Any], *, escaping: bool = True) -> str:
    template = cast(Template, engines["django"].get_template(name).template)  # type: ignore[attr-defined]  # stubs lack it
    return template.render(Context(context, autoescape=escaping))


def _refusal(code: int, words: bytes | str, error: Exception) -> Exception:
    if code not in PERMANENT:
        return error
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return MailRefused(f"{code} {said}")
