"""The databases that tests copy are made anew when something changes that they are made of."""

from bench import template


def test_template_goes_by_migrations_and_what_they_import() -> None:
    names = {str(path.relative_to(template.ROOT)) for path in template.sources()}
    assert {str(path.relative_to(template.ROOT)) for path in template.ROOT.glob("*/migrations/*.py")} < names
    assert {"operations/constraints.py", "operations/history.py", "elearning/settings/base.py"} < names
    assert "clearance/evidence.py" not in names


def test_changed_migration_makes_another_template(tmp_path, monkeypatch) -> None:
    migration = tmp_path / "clearance" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    monkeypatch.setattr(template, "ROOT", tmp_path)
    keys = []
    for text in ("from clearance.own import sql", "from clearance.own import sql as made"):
        migration.write_text(text)
        for value in ("1", "2"):
            (tmp_path / "clearance" / "own.py").write_text(f"sql = {value}")
            keys.append(template.Migrated().key())
    assert len(set(keys)) == 4


def test_changed_curriculum_or_code_makes_another_course(tmp_path, monkeypatch) -> None:
    files = [tmp_path / "curriculum/data/courses/c1.yaml", tmp_path / "courses/actions.py"]
    for path in (*files, tmp_path / "courses/migrations/0001_initial.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    monkeypatch.setattr(template, "ROOT", tmp_path)
    keys = [template.WithInspectors().key()]
    for path in files:
        path.write_text("# other")
        keys.append(template.WithInspectors().key())
    assert len(set(keys)) == 3
