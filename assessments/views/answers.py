"""The address to which the script sends answers. Statuses tell it what to do next; words are for the person.

200 saved, or already there (`later`: answered later elsewhere) · 400 cannot be read · 401 sign in ·
403 somebody else's · 409 too late: closed, or the time is over
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import actions
from assessments.answers import AnswerError
from assessments.content import CaseStage
from assessments.forms import NotOnThisPage, given_answers, read_sent, stage_asked
from assessments.models import Attempt, StageProgress
from assessments.refusals import Closed, UnknownSession
from assessments.tokens import Tokens
from operations.clock import BAKU
from people.models import User


@never_cache
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, public_id: str, case: int, number: int) -> JsonResponse:
    if not isinstance(request.user, User):
        return _refused(401, _("Sign in again: your answers are kept on this device."))
    if request.method == "GET":
        # after signing in again the token of an open page is old
        return JsonResponse({"person": request.user.public_id, "token": get_token(request)})
    stage: CaseStage | None = None
    try:
        sent = read_sent(request.body if request.content_type == "application/json" else b"")
        stage = stage_asked(sent)
        given = given_answers(sent, stage, Tokens(public_id))
        saved = actions.save_answers(
            attempt_id=public_id,
            stage_code=stage.code,
            content_sha256=sent.content,
            answers=given,
            session=sent.session,
            by=request.user,
        )
    except PermissionDenied as error:
        return _refused(403, str(error))
    except (AnswerError, UnknownSession, Closed) as error:
        if not Attempt.objects.taken_by(request.user.pk).filter(public_id=public_id).exists():
            return _refused(403, _("This attempt is not yours."))
        if stage is not None and not _was_opened(public_id, stage):
            return _refused(400, str(NotOnThisPage()))  # as of a question that there is not
        return _refused(409 if isinstance(error, Closed) else 400, str(error))
    return JsonResponse({"at": f"{saved.at.astimezone(BAKU):%H:%M}", "later": saved.later})


def _was_opened(public_id: str, stage: CaseStage) -> bool:
    return StageProgress.objects.filter(attempt__public_id=public_id, stage_code=stage.code).exists()


def _refused(status: int, words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
