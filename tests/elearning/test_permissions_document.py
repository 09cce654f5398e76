from pathlib import Path

from django.utils.translation import override

from elearning.permissions_document import document

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def test_page_says_what_the_table_says():
    """After a change of acts: `manage.py permissions`, and look at the difference."""
    assert PAGE.read_text(encoding="utf-8") == document(), "docs/permissions.md is old: manage.py permissions"


def test_page_is_written_in_english_whatever_language_is_active():
    with override("az"):
        assert "| trainer | country |" in document()
