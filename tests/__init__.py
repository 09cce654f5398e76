import pytest

pytest.register_assert_rewrite("tests.answering", "tests.running", "tests.visiting", "tests.journeys.walker")
