"""The list of people as a file: at once while it is short, as a job where it is long."""

from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from operations import clock, jobs, spreadsheets
from operations.models import Job
from operations.sealing import opened

from .extensions import Cell, registry
from .models import Agency, Posting, Unit, User
from .people_list import PeopleQuery, people_of, places, shows_more
from .permissions import reach_of
from .permissions.records import EXPORT, SEE

KIND = "people.export"
AT_ONCE = 2000  # people
BATCH = 500
FORMATS = ("csv", "xlsx")


def headings() -> list[str]:
    return [
        _("Family name"), _("Given name"), _("Father's name"), _("Service number"), _("Agency"), _("Unit"),
        _("Role"), _("First day there"), _("Last day there"), _("E-mail address"),
        _("Language of letters and pages"),
        *(str(text) for title, _cells in registry.columns for text in (title, _("Last day"), _("State"))),
    ]  # fmt: skip


def rows_of(by: User, query: PeopleQuery) -> Iterator[list[Any]]:
    """Yield a row a person with the posting that fits and what other apps show of them; people come in batches, a constant number of queries each.

    How somebody who has left is reached is no more the agency's to know.
    """
    with_address = shows_more(reach_of(by, SEE), query)
    queryset = people_of(by, query).iterator(chunk_size=BATCH)
    for people in batched(queryset, BATCH):
        postings = places(list(people), by, query)
        columns = [cells_of(people) for _title, cells_of in registry.columns] if with_address else []
        for person in people:
            row = _row(person, postings.get(person.pk), with_address=with_address)
            cells = [cells.get(person.pk) for cells in columns]
            yield [*row, *(text for cell in cells for text in _three(cell))]


def _three(cell: Cell | None) -> tuple[Any, ...]:
    return (cell.text, cell.day, cell.tag) if cell else ("", "", "")


def _row(person: User, posting: Posting | None, *, with_address: bool) -> list[Any]:
    names = [person.family_name, person.given_name, person.father_name]
    address = [person.email or "", person.language] if with_address else ["", ""]
    if posting is None:
        return [*names, "", "", "", "", None, None, *address]
    last = clock.last_day(posting.valid_to) if posting.valid_to else None
    return [
        *names, posting.service_number or "", posting.agency.name, posting.unit.name, posting.role.name,
        clock.first_day(posting.valid_from), last, *address,
    ]  # fmt: skip


def file_name(form: str) -> str:
    return f"{_('people')}-{clock.today():%Y-%m-%d}.{form}"


def download(by: User, query: PeopleQuery, form: str) -> FileResponse:
    write = spreadsheets.csv_download if form == "csv" else spreadsheets.xlsx_download
    return write(file_name(form), headings(), rows_of(by, query))


def payload_of(query: PeopleQuery) -> dict[str, Any]:
    """Return the filters as the trail and a job keep them. A name searched for is none of them."""
    return {
        "agency": query.agency and query.agency.public_id, "unit": query.unit and query.unit.public_id,
        "role": query.role, "state": query.state, "others": query.others,
    }  # fmt: skip


def _wanted(payload: dict[str, Any]) -> PeopleQuery:
    return PeopleQuery(
        agency=Agency.objects.filter(public_id=payload["agency"]).first(),
        unit=Unit.objects.filter(public_id=payload["unit"]).first(),
        role=payload["role"], state=payload["state"], others=payload["others"], text=opened(payload["text"]),
    )  # fmt: skip


def _may(job: Job) -> bool:
    """Return whether the owner may still have the file: not after moving on to another agency."""
    by: Any = job.by
    reach, then = reach_of(by, EXPORT), job.payload.get("reach")
    if reach is None or then is None:
        return reach is None
    return (
        bool(reach) and set(Agency.objects.filter(public_id__in=then).values_list("pk", flat=True)) <= reach
    )


def _prepare(job: Job) -> Path:
    by: Any = job.by
    if not _may(job):
        raise jobs.JobRefused(_("You may not do this."))
    form = job.payload["form"]
    path = jobs.scratch_file(f".{form}")
    write = spreadsheets.write_csv if form == "csv" else spreadsheets.write_xlsx
    try:
        write(path, headings(), _watched(job, rows_of(by, _wanted(job.payload))))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _watched(job: Job, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    for number, row in enumerate(rows):
        if number % 5000 == 4999:
            jobs.still_at_work(job)
        yield row


def _commit(job: Job, path: Path) -> int:
    jobs.keep_result(job, name=file_name(job.payload["form"]), content=path)
    return 0


title: StrOrPromise = gettext_lazy("List of people")
jobs.register_job(KIND, title=title, prepare=_prepare, commit=_commit, may_fetch=_may)
