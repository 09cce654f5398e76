"""A Redis of the test's own, to be stopped and started."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import redis
from django.core.cache import caches

from operations.caches import forget_outage

from .running import free_port, until


class OwnRedis:
    def __init__(self, folder: Any) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"],
            cwd=self.folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers, "Redis to answer")

    def _answers(self) -> bool:
        with suppress(redis.RedisError):
            return bool(redis.Redis(port=self.port).ping())
        return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def own_redis(tmp_path: Any, settings: Any) -> Iterator[OwnRedis]:
    """The cache of the product is in it; it runs."""
    if shutil.which("redis-server") is None:
        if os.environ.get("NISANE_REQUIRE_SERVICES"):
            pytest.fail("redis-server is not installed")
        pytest.skip("redis-server is not installed")
    server = OwnRedis(tmp_path)
    server.start()
    settings.CACHES = {"default": {"BACKEND": "operations.caches.RedisCache", "LOCATION": server.url}}
    forget_outage()
    caches["default"].clear()
    yield server
    server.stop()
    caches["default"].clear()
    forget_outage()
