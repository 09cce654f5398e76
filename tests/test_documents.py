"""Documents are part of the product: their links lead somewhere, settings and commands are described."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                if not (document.parent / target).exists():
                    broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_setting_from_the_environment_is_described() -> None:
    guide = (ROOT / "docs" / "guides" / "operators.md").read_text(encoding="utf-8")
    names = set()
    for path in [*ROOT.glob("elearning/settings/*.py"), *ROOT.glob("*/**/*.py")]:
        if {".venv", "var", "tests", "bench"} & set(path.relative_to(ROOT).parts):
            continue
        names |= set(
            re.findall(r"\"((?:NISANE_[A-Z_]+)|DATABASE_URL|REDIS_URL)\"", path.read_text(encoding="utf-8"))
        )
    assert sorted(name for name in names if f"`{name}`" not in guide) == []


def test_every_command_is_described() -> None:
    guides = " ".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    commands = [path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"]
    assert sorted(name for name in commands if f"manage.py {name}" not in guides) == []


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`", " ".join(d.read_text(encoding="utf-8") for d in DOCUMENTS)))
    assert named - targets == set()


def test_nothing_is_called_legally_binding() -> None:
    """Certificates and receipts are evidence that others can check; what binds is for the lawyers."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in [
            *DOCUMENTS,
            *ROOT.glob("*/templates/**/*.html"),
            *ROOT.glob("locales/*/LC_MESSAGES/*.po"),
        ]
        if re.search(
            r"legally[- ]binding|hüquqi qüvvə|юридическ\w+ сил",
            path.read_text(encoding="utf-8"),
            re.IGNORECASE,
        )
        and "lawyers" not in path.name
    ]
    assert wrong == []


def test_glossary_says_what_is_loaded() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = yaml.safe_load((ROOT / "curriculum/data/standards/glossary.yaml").read_text(encoding="utf-8"))[
        "terms"
    ]
    missing = [
        term["number"]
        for term in terms
        if f"| {term['number']} | {term['en']} | {term['az']} | {term['ru']} |" not in page
    ]
    assert missing == []
