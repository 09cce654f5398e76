"""Jobs, for the people who asked for them: progress, result, cancel and start again."""

import io
import mimetypes
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import clock, jobs, results
from .models import Job
from .pagination import keyset
from .requests import SignedInRequest, prefers_json

TAGS = {
    Job.State.WAITING: "none",
    Job.State.RUNNING: "",
    Job.State.DONE: "ok",
    Job.State.FAILED: "bad",
    Job.State.CANCELLED: "warn",
}


def _own(request: HttpRequest, public_id: str) -> Job:
    """Return the person's own job; raise Http404 for another's: that it exists is not told."""
    return get_object_or_404(Job, public_id=public_id, by_id=cast(SignedInRequest, request).user.pk)


def shown(job: Job) -> dict[str, Any]:
    """Return what lists and pages show of a job."""
    kind = jobs.job_kinds.get(job.kind)
    return {
        "job": job,
        "title": str(kind.title) if kind else job.kind,
        "tag": TAGS[Job.State(job.state)],
        "open": job.closed_at is None,
        "words": words(job),
        "link": kind.link(job) if kind else "",
        "link_text": kind.link_text if kind else "",
        "has_result": has_result(job),
        "once": kind is not None and kind.once is not None,
        "can_restart": kind is not None and job.state in (Job.State.FAILED, Job.State.CANCELLED),
    }


def has_result(job: Job) -> bool:
    """Return whether there is a file for its owner now."""
    if not job.result or job.expires_at is None or job.expires_at <= clock.now():
        return False
    kind = jobs.job_kinds.get(job.kind)
    return kind is None or kind.may_fetch(job)


def words(job: Job) -> str:
    """Return how far it is, in words."""
    if job.state == Job.State.WAITING:
        return _("Waits for its turn")
    if job.closed_at is None and job.cancel_asked_at is not None:
        return _("Is being cancelled")
    if job.total is not None:
        return _("%(done)s of %(total)s") % {"done": job.done, "total": job.total}
    return ngettext("%(done)s done", "%(done)s done", job.done) % {"done": job.done}


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    own = Job.objects.filter(by_id=cast(SignedInRequest, request).user.pk)
    page = keyset(own, order=("-created_at", "-pk"), token=request.GET.get("page", ""))
    return render(request, "operations/jobs.html", {"page": page, "rows": [shown(job) for job in page.rows]})


@require_safe
@never_cache
@login_required
def one(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show one job; the page asks this address for JSON while it waits, or is loaded again."""
    job = _own(request, public_id)
    if prefers_json(request):
        answer = {
            "ended": job.closed_at is not None,
            "done": job.done,
            "total": job.total,
            "words": words(job),
        }
        return JsonResponse(answer)
    crumbs = [{"text": _("My background work"), "href": reverse("jobs:mine")}]
    return render(request, "operations/job.html", {**shown(job), "crumbs": crumbs})


@require_safe
@never_cache
@login_required
def download(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Send the job's file to its owner, until it expires.

    Asks the person of this very request, who has shown a second factor: the owner read from the row has no
    session.
    """
    job = _own(request, public_id)
    job.by = cast(Any, request.user)
    file = results.opened(job.result) if has_result(job) and _once(job) is None else None
    if file is None:
        raise Http404
    return FileResponse(file, as_attachment=True, filename=job.result_name, content_type=_type_of(job))


@require_POST
@never_cache
@login_required
def take(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Send a file that is handed out one time; a second request finds nothing."""
    job = _own(request, public_id)
    once = _once(job)
    if once is None or not has_result(job):
        raise Http404
    once(request, job)
    content = jobs.let_go(job=job, by=cast(SignedInRequest, request).user)
    if content is None:
        raise Http404
    file = io.BytesIO(content)
    return FileResponse(file, as_attachment=True, filename=job.result_name, content_type=_type_of(job))


@require_POST
@login_required
def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    job = _own(request, public_id)
    if jobs.let_go(job=job, by=cast(SignedInRequest, request).user) is not None:
        messages.success(request, _("The file is deleted."))
    return redirect("jobs:one", public_id)


def _once(job: Job) -> Callable[[HttpRequest, Job], None] | None:
    kind = jobs.job_kinds.get(job.kind)
    return kind.once if kind else None


def _type_of(job: Job) -> str:
    return mimetypes.guess_type(job.result_name)[0] or "application/octet-stream"


@require_POST
@login_required
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    job = _own(request, public_id)
    jobs.cancel(job=job, by=cast(SignedInRequest, request).user)
    messages.success(request, _("It ends after the part at hand. What is finished stays."))
    return redirect("jobs:one", public_id)


@require_POST
@login_required
def restart(request: HttpRequest, public_id: str) -> HttpResponse:
    job = _own(request, public_id)
    try:
        jobs.restart(job=job, by=cast(SignedInRequest, request).user)
    except jobs.JobRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It goes on where it stopped."))
    return redirect("jobs:one", public_id)
