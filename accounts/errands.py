"""Mails of signing in, sent by the worker: the page answers as fast whether or not an account exists."""

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from locales.dates import day_text
from operations import clock, mail
from operations.models import Errand
from operations.outbox import ErrandStep, enqueue, register_errand
from people.models import User

from .actions.invitations import MAIL as INVITATION
from .invitation_secrets import link_of
from .models import Invitation

RESET_MAIL = "accounts.reset_mail"


def send_reset_mail(person: User | None) -> None:
    """Promise the mail. The link is made when it is sent: no secret waits in the database. For nobody an
    errand is written too, which sends nothing: the page works as much.
    """
    moment, known = int(clock.real_now().timestamp()), person.public_id if person else "nobody"
    enqueue(RESET_MAIL, f"{known}:{moment}", person=known)


def _send(errand: Errand) -> None:
    person = User.objects.active().filter(public_id=errand.payload["person"]).first()
    address = EmailAddress.objects.filter(user=person, primary=True, verified=True).first()
    if person is None or address is None:
        return
    with translation.override(person.language):
        link = _link(person)
    message = mail.letter(
        "accounts/mail/reset.html", {"link": link}, subject=_("New password"), to=address.email,
        language=person.language, message_id=errand.key.replace(":", "."),
    )  # fmt: skip
    try:
        mail.hand_over(message)
    except mail.MailRefused:
        return  # nobody waits for the answer; the coordinator sees refused addresses by notices


def _link(person: User) -> str:
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    parts = {"uidb36": user_pk_to_url_str(person), "key": token}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"


register_errand(RESET_MAIL, ErrandStep("send", prepare=_send))


def _invite(errand: Errand) -> str | None:
    """Send the mail. Return why the mail server refuses it; "" where it went out; None where it is not to go
    out any more.
    """
    queryset = Invitation.objects.open().select_related("person", "agency")
    invitation = queryset.filter(public_id=errand.payload["invitation"]).first()
    if invitation is None or errand.key != f"{invitation.public_id}:{invitation.sent}":
        return None  # used, withdrawn or sent anew meanwhile
    person = invitation.person
    with translation.override(person.language):
        context = {
            "link": link_of(invitation),
            "agency": str(invitation.agency),
            "day": day_text(invitation.expires_at),
        }
    message = mail.letter(
        "accounts/mail/invitation.html", context, subject=_("Your way into Nişanə"), to=person.email or "",
        language=person.language, message_id=errand.key.replace(":", "."),
    )  # fmt: skip
    try:
        mail.hand_over(message)
    except mail.MailRefused as refusal:
        return str(refusal)
    return ""


def _note_invited(errand: Errand, refused: str | None) -> None:
    if refused is not None:
        values = {"refused": refused[:200]} if refused else {"sent_at": clock.now(), "refused": ""}
        Invitation.objects.filter(public_id=errand.payload["invitation"]).update(**values)


def _never_invited(errand: Errand) -> None:
    _note_invited(errand, "not delivered")


register_errand(
    INVITATION, ErrandStep("sent", commit=_note_invited, prepare=_invite), on_give_up=_never_invited
)
