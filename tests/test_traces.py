"""Every change leaves a trace: an action without an audit entry is found, but for those listed here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from audit.values import label_of
from operations import trail
from tests.test_architecture import OURS, ROOT

# Their own trace: rows that are never changed or deleted, with who and when.
OWN_TRACE = {
    "assessments.start_attempt": "the attempt",
    "assessments.open_session": "the attempt's sessions",
    "assessments.save_answers": "the answers",
    "assessments.close_stage": "the stage's progress",
    "assessments.close_attempt": "the attempt and its marks",
    "assessments.close_merged": "the attempts and their marks, beside the entry of the merging",
    "assessments.tell_assessors": "the notices",
    "assessments.record_key_seen": "the row, which keeps the newest day",
    "certificates.award": "the award, with its evidence",
    "certificates.confirm": "the entry of the act that is performed",
    "clearance.count_changes": "the job: nothing of anybody changes",
    "clearance.decide": "the decision, with its signed receipt",
    "clearance.recheck_decisions_about": "the errands; a recall is a row of its own",
    "clearance.recheck_all": "the errands; a recall is a row of its own",
    "clearance.start_take_over": "the job, and the decisions that come of it",
    "clearance.take_over": "the decisions, with their signed receipts",
    "courses.hide": "the entry of the edition, or of what was taken back",
    "courses.mark_read": "the lesson's progress",
    "courses.finish_check": "the check that was done",
}


RECORDS = ("audit.record", "audit.record_each", "proposals.record", "record")
# Apps to the left that record for the caller: what `test_what_records_for_others_does` looks at.
RECORDS_FOR_OTHERS = re.compile(r"versions\.begin|[A-Z]+\.(propose|decline|withdraw)")


def modules_of(app: str) -> list[Path]:
    """Say where an app's actions live, and what they may call of it."""
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def functions_in(sources: list[str]) -> dict[str, list[ast.FunctionDef]]:
    """By name; an action and a page may share one."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


def called_by(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield ast.unparse(call.func)


def leaves_a_trace(action: ast.FunctionDef, functions: dict[str, list[ast.FunctionDef]]) -> bool:
    """The function, or one of the app's that it calls, calls `audit.record` or its like for many, or `proposals.record`."""
    seen: set[int] = set()
    waiting = [action]
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        for called in called_by(here):
            if called in RECORDS or RECORDS_FOR_OTHERS.fullmatch(called):
                return True
            waiting += functions.get(called.split(".")[-1], [])
    return False


def functions_of(app: str) -> dict[str, list[ast.FunctionDef]]:
    return functions_in([path.read_text(encoding="utf-8") for path in modules_of(app)])


def actions_of(app: str) -> Iterator[ast.FunctionDef]:
    """Public functions that say who acts."""
    others = [ROOT / app / name for name in ("authoring.py", "applying.py")]
    paths = [*others, *(ROOT / app).glob("actions*.py"), *(ROOT / app / "actions").glob("*.py")]
    for path in filter(Path.exists, paths):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
                if "by" in [argument.arg for argument in node.args.kwonlyargs]:
                    yield node


@pytest.mark.parametrize("app", OURS)
def test_every_action_leaves_an_audit_entry_or_is_its_own_trace(app: str) -> None:
    functions = functions_of(app)
    without = [f"{app}.{node.name}" for node in actions_of(app) if not leaves_a_trace(node, functions)]
    assert [name for name in without if name not in OWN_TRACE] == []


def test_every_listed_exception_is_still_one() -> None:
    without = set()
    for app in OURS:
        functions = functions_of(app)
        without |= {f"{app}.{node.name}" for node in actions_of(app) if not leaves_a_trace(node, functions)}
    assert sorted(set(OWN_TRACE) - without) == []


def test_an_action_without_an_entry_is_found() -> None:
    source = """
def traced(*, by): _helper()
def untraced(*, by): print("done")
def _helper(): audit.record(by=None)
"""
    functions = functions_in([source])
    assert [leaves_a_trace(*functions[name], functions) for name in ("traced", "untraced")] == [True, False]


def test_what_records_for_others_does() -> None:
    rule_change = ast.parse((ROOT / "standards/actions_rules.py").read_text(encoding="utf-8"))
    methods = {
        node.name: [node] for node in ast.walk(rule_change) if isinstance(node, ast.FunctionDef)
    } | functions_in([(ROOT / "operations/versions.py").read_text(encoding="utf-8")])
    for name in ("begin", "propose", "decline", "withdraw"):
        assert leaves_a_trace(methods[name][0], methods), name


def _said(value: ast.expr) -> ast.expr:
    """The code itself, where it is registered as an act of two people in the same line."""
    registered = isinstance(value, ast.Call) and ast.unparse(value.func).endswith("register_act")
    return value.args[0] if registered and isinstance(value, ast.Call) else value


def acts_in(source: str, app: str) -> Iterator[str]:
    """Codes of acts as they are written down for the trail: "people.grant", or a constant of the module."""
    tree = ast.parse(source)
    constants = {
        target.id: _said(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and re.search(r"(^|[._])record", ast.unparse(call.func)):
            for given in [*call.args, *(keyword.value for keyword in call.keywords)]:
                said = constants.get(given.id) if isinstance(given, ast.Name) else given
                if isinstance(said, ast.Constant) and re.fullmatch(rf"{app}\.[a-z_]+", str(said.value)):
                    yield str(said.value)


def test_every_act_has_a_name_that_auditors_read() -> None:
    written = {
        act
        for app in OURS
        for path in modules_of(app)
        for act in acts_in(path.read_text(encoding="utf-8"), app)
    }
    assert len(written) > 10
    assert sorted(written - set(trail.act_names)) == []


@pytest.mark.django_db
def test_every_act_of_a_seeded_world_has_a_name(curriculum: object, officer: object) -> None:
    """Codes that are put together at run time show here."""
    from operations.models import AuditEntry

    found = AuditEntry.objects.order_by().values_list("act", "subject_kind").distinct()
    assert sorted({act for act, _kind in found} - set(trail.act_names)) == []
    assert sorted({kind for _act, kind in found} - set(trail.subject_kinds)) == []


def keys_said(app: str) -> Iterator[str]:
    """Keys that entries of an app say in so many words: literals in calls that record something."""
    for path in modules_of(app):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and "record" in ast.unparse(call.func):
                for part in ast.walk(call):
                    if isinstance(part, ast.Dict):
                        yield from (key.value for key in part.keys if isinstance(key, ast.Constant))


def test_what_an_entry_says_has_a_name_in_each_language():
    keys = {key for app in OURS for key in keys_said(app)}
    assert {"grant", "kind", "with_missing"} <= keys
    with translation.override("ru"):
        assert {key for key in keys if label_of(key) == key} == set()
