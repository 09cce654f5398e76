"""Send notices as mail: HTML and plain text of one template, in the person's language, with a fixed Message-ID.

A mail goes out at least once. Where it may have gone out before (a worker died or a connection broke
in the middle) its notices say "perhaps twice"; receivers that fold equal Message-IDs show one.
"""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from .mail_text import text_of
from .models import Notice
from .notices import NO_ADDRESS, notice_kinds

BETWEEN = "\n\n" + "-" * 40 + "\n\n"  # between the notices of a bundle, in text
SIGNATURE = "\n\n-- \n"  # mail programs know what follows as the sender's own foot
PERMANENT = range(500, 600)  # SMTP reply codes that another try will not change


class MailRefused(Exception):
    """The mail server will not take this message, also later; the text is what it said."""


class PerhapsTaken(OSError):
    """The connection broke while the message was handed over: it may have gone out."""


def deliver(notices: list[Notice], *, message_id: str) -> None:
    """Send one mail with these notices of one person.

    Raise MailRefused for good; any other error is worth another try, and is marked on the notices
    where the message may have been taken all the same.
    """
    try:
        hand_over(compose(notices, message_id=message_id))
    except PerhapsTaken:
        mark_perhaps_twice(notices)
        raise


def hand_over(message: EmailMultiAlternatives) -> None:
    """Give the message to the mail server.

    Raise MailRefused for good, PerhapsTaken where a connection broke in the middle, anything else where
    nothing was sent.
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
    """Return the message in the language of the person; raise MailRefused without an address."""
    person: Any = notices[0].person
    if not (person.email and person.is_active):
        raise MailRefused(NO_ADDRESS)
    with translation.override(person.language):
        bodies = [_body(notice) for notice in notices]
        subject = str(notice_kinds[notices[0].kind].subject) if len(notices) == 1 else _("News for you")
        return _framed(subject, bodies, to=person.email, language=person.language, message_id=message_id)


def letter(
    template: str, context: dict[str, Any], *, subject: StrOrPromise, to: str, language: str, message_id: str
) -> EmailMultiAlternatives:
    """Return one message in the frame of all, its body rendered from `template` with `context`."""
    with translation.override(language):
        body = _render(template, {"base_url": settings.BASE_URL, **context})
        return _framed(str(subject), [body], to=to, language=language, message_id=message_id)


def _framed(
    subject: str, bodies: list[SafeString], *, to: str, language: str, message_id: str
) -> EmailMultiAlternatives:
    around = {"bodies": bodies, "subject": subject, "language": language, "base_url": settings.BASE_URL}
    foot = _render("operations/mail/foot.html", around)
    message = EmailMultiAlternatives(
        subject=subject,
        body=BETWEEN.join(text_of(body) for body in bodies) + SIGNATURE + text_of(foot) + "\n",
        to=[to],
        headers={
            "Message-ID": f"<{message_id}@{settings.HOST.partition(':')[0]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(_render("operations/mail/message.html", around), "text/html")
    return message


def _body(notice: Notice) -> SafeString:
    kind = notice_kinds[notice.kind]
    context = {
        **kind.context(notice),
        "notice": notice,
        "person": notice.person,
        "base_url": settings.BASE_URL,
    }
    return _render(kind.template, context)


def _render(name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(name, context)


def _refusal(code: int, words: bytes | str, error: Exception) -> Exception:
    if code not in PERMANENT:
        return error
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return MailRefused(f"{code} {text}")
