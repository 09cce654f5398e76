"""Rules about the code itself: where it may point, what it must declare, what it must not say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from operations import personal

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "locales", "operations", "people", "merging", "audit", "accounts", "privacy", "rosters", "standards", "assessments", "courses", "certificates", "clearance",
    "curriculum", "elearning",
]  # fmt: skip
OURS = [label for label in ORDER if apps.is_installed(label)]
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
LONGEST_TEMPLATE_LINE = 120
OPENS_A_BLOCK = re.compile(
    r"<(?:address|article|aside|blockquote|caption|dd|details|dialog|div|dl|dt|fieldset|figure|figcaption|footer"
    r"|form|h[1-6]|head|header|hr|html|legend|li|main|nav|ol|optgroup|option|p|pre|section|summary|table|tbody"
    r"|td|tfoot|th|thead|tr|ul)\b"
)


def sources() -> list[Path]:
    return [
        path for app in ORDER for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
    ]


def our_models() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def test_foreign_keys_point_left() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
    ]
    assert wrong == []


def test_foreign_keys_written_as_text_point_left() -> None:
    wrong = []
    for app in OURS:
        for path in [ROOT / app / "models.py", *(ROOT / app / "models").glob("*.py")]:
            if path.exists():
                for label in re.findall(r"\"(\w+)\.[A-Z]\w+\"", path.read_text(encoding="utf-8")):
                    if label in ORDER and ORDER.index(label) > ORDER.index(app):
                        wrong.append(f"{path.relative_to(ROOT)}: {label}")
    assert wrong == []


def test_every_model_says_what_is_personal() -> None:
    unmarked, unknown = [], []
    for model in our_models():
        marked = model.__dict__.get("personal_data")
        if marked is None:
            unmarked.append(model._meta.label)
        else:
            names = {field.name for field in model._meta.get_fields()} | {
                field.attname for field in model._meta.local_fields
            }
            unknown += [f"{model._meta.label}.{name}" for name in marked if name not in names]
    assert (unmarked, unknown) == ([], [])


def test_every_field_stands_in_the_reviewed_register_of_personal_data() -> None:
    """docs/personal-data.md names every field, marked or not: a new one is looked at by a person."""
    assert (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8") == personal.document()


def test_fields_that_point_at_a_person_are_marked() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label == settings.AUTH_USER_MODEL
        and field.name not in model.__dict__["personal_data"]
        and field.name not in {"recorded_by", "withdrawn_by"}
    ]
    assert wrong == []


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert long == []


def test_no_save_is_overridden_and_no_model_signal_received() -> None:
    """One exception: the cache generation of courses/reading.py. A field's own `pre_save` is none."""
    wrong = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if re.search(r"^    def (save|delete)\(self", text, re.MULTILINE) and "forms" not in path.name:
            wrong.append(str(path.relative_to(ROOT)))
        if (
            re.search(r"(?<!def )(?<!field\.)\b(post|pre)_(save|delete)\b", text)
            and path.name != "reading.py"
        ):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_the_clock_is_asked_in_one_place() -> None:
    pattern = re.compile(r"timezone\.now\(|datetime\.now\(|date\.today\(|auto_now")
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.relative_to(ROOT).as_posix() != "operations/clock.py"
        and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_texts_are_never_upper_cased_by_machine() -> None:
    """i and ı, i and İ: Azerbaijani text changes its meaning."""
    python = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"\.(upper|title|capitalize)\(\)", path.read_text(encoding="utf-8"))
    ]
    styles = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "elearning" / "static").rglob("*.css")
        if re.search(r"text-transform:\s*(upper|capital)", path.read_text(encoding="utf-8"))
    ]
    templates = [
        str(path.relative_to(ROOT))
        for app in ORDER
        for path in (ROOT / app).rglob("templates/**/*")
        if path.is_file() and re.search(r"\|(upper|title|capfirst)\b", path.read_text(encoding="utf-8"))
    ]
    assert (python, styles, templates) == ([], [], [])


def test_nothing_names_the_workplace_or_a_registry() -> None:
    """The repository speaks of the product alone, and runs without what lies beside it."""
    pattern = re.compile(
        r"/work/|\.\./shared|/tmp/|pypi\.org|registry\.npmjs|files\.pythonhosted", re.IGNORECASE
    )
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wrong = []
    for name in listed.splitlines():
        path = ROOT / name
        if (
            path.name != "test_architecture.py"
            and path.is_file()
            and b"\0" not in (content := path.read_bytes())
        ):
            if pattern.search(content.decode("utf-8", errors="replace")):
                wrong.append(name)
    assert wrong == []


def templates() -> list[Path]:
    return [path for app in ORDER for path in sorted((ROOT / app).rglob("*.html"))]


def test_templates_are_read_line_by_line() -> None:
    """A line of a template is short and opens one block-level element at most: its diff can be reviewed."""
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_TEMPLATE_LINE or len(OPENS_A_BLOCK.findall(line)) > 1
    ]
    assert wrong == []


def test_templates_are_formatted() -> None:
    formatter = Path(sys.executable).with_name("djangofmt")
    done = subprocess.run([formatter, "--check", "."], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_say_who_acts() -> None:
    """Every transaction of an actions module takes `by`, keyword-only, without a default."""
    wrong = []
    paths = [
        path
        for app in OURS
        for path in (ROOT / app / "actions.py", *(ROOT / app / "actions").glob("*.py"))
        if path.exists()
    ]
    for path in paths:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and node.name[0] != "_"
                and "transaction.atomic" in map(ast.unparse, node.decorator_list)
            ):
                names = [argument.arg for argument in node.args.kwonlyargs]
                default = dict(zip(names, node.args.kw_defaults, strict=True)).get("by")
                if "by" not in names or default is not None or node.args.args:
                    wrong.append(f"{path.relative_to(ROOT)} {node.name}")
    assert wrong == []


# Names that the project gives: every app may lead there.
OF_THE_PROJECT = re.compile(r"home|root|account_\w+")


def address_names(found: URLResolver, prefix: str = "") -> dict[str, str]:
    """Return {name of an address: app of its view}, of our own apps alone."""
    names = {}
    for each in found.url_patterns:
        if isinstance(each, URLPattern):
            names[f"{prefix}{each.name}"] = each.callback.__module__.partition(".")[0]
        else:
            names |= address_names(each, f"{prefix}{each.namespace}:" if each.namespace else prefix)
    return {name: app for name, app in names.items() if app in ORDER}


LEADING = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


def names_in(path: Path) -> set[str]:
    """Return what could name an address: in a module texts with a colon and what is reversed; in a template
    what `url`, `page=` and `url_name=` say.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return set(re.findall(r"""(?:\{%\s*url\s+|page=|url_name=)["']([\w:]+)["']""", text))
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ":" in node.value:
            names.add(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in LEADING and node.args:
            names |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    return names


def test_addresses_are_named_to_the_left() -> None:
    """A page leads to pages of its own app and of those to the left; what leads right is registered there."""
    owners = address_names(get_resolver())
    pages = [path for app in ORDER for path in (ROOT / app).rglob("templates/**/*") if path.is_file()]
    wrong = []
    for path in [*sources(), *pages]:
        app = path.relative_to(ROOT).parts[0]
        for name in names_in(path):
            if name in owners and not OF_THE_PROJECT.fullmatch(name):
                if ORDER.index(owners[name]) > ORDER.index(app):
                    wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert len(owners) > 150 and wrong == []


def test_no_two_apps_name_a_class_alike() -> None:
    """A name in code means one thing: models, dataclasses, enums, tuples and dictionaries of two apps differ."""
    apps_of: dict[str, set[str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":
                apps_of.setdefault(node.name, set()).add(path.relative_to(ROOT).parts[0])
    assert {name: places for name, places in apps_of.items() if len(places) > 1} == {}


def test_docstrings_do_not_ask() -> None:
    """A first line says what is done or returned, not who, what or why."""
    riddle = re.compile(
        r"(Who|Whoever|Whom|Whose|What|Which|Why|Where|When|Whether|How|Nobody|Nothing|Those|Everybody|Is|Are|Does|May)\b"
    )
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    wrong = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, documented)
        and riddle.match(said := (ast.get_docstring(node) or "").split("\n")[0])
    ]
    assert wrong == []


def test_no_module_is_a_drawer() -> None:
    """A name says what is inside: nothing is called core, common, utils or helpers."""
    names = {"common", "core", "helpers", "misc", "util", "utils"}
    places = {part for path in sources() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert places & names == set()
