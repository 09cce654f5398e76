"""Pictures at /cms/: sent by the editor when one is chosen, shown there and in previews."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from operations.limits import limited
from people.models import User

from .actions_pictures import add_picture
from .permissions import can_author
from .pictures import MOST_BYTES, PictureRefused, read
from .views import picture_response

LIMIT, WINDOW = 60, 3600  # pictures of one author an hour: each costs the server a second


@require_POST
def add(request: HttpRequest) -> JsonResponse:
    """Keep a picture and tell its name and address; refuse it in words."""
    author = _author(request)
    if limited(f"pictures:{author.pk}", LIMIT, WINDOW):
        return _refused(_("You have sent many pictures. Go on in an hour."), status=429)
    sent = request.FILES.get("picture")
    if sent is None:
        return _refused(_("Choose a picture."))
    try:
        name = add_picture(sent=sent.read(MOST_BYTES + 1), by=author)
    except PictureRefused as error:
        return _refused(str(error))
    return JsonResponse({"name": name, "address": reverse("courses_cms:picture", args=[name])})


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of any draft, for authors."""
    _author(request)
    content = read(name)
    if content is None:
        raise Http404
    return picture_response(content)


def _author(request: HttpRequest) -> User:
    author = request.user
    if not (isinstance(author, User) and can_author(author)):
        raise PermissionDenied
    return author


def _refused(words: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
