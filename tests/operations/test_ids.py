import re

from operations.ids import public_id


def test_public_ids_are_random_and_fit_an_address() -> None:
    ids = {public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", one) for one in ids)
