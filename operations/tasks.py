"""A backend of django.tasks: tasks of libraries become errands, kept, leased and tried again."""

from typing import Any

from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult, TaskResultStatus
from django.utils.json import normalize_json

from . import clock
from .ids import public_id
from .outbox import enqueue


class ErrandBackend(BaseTaskBackend):
    """Enqueued in the transaction of the caller, and rolled back with it."""

    supports_defer = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any, Any]:
        self.validate_task(task)
        key = public_id()
        enqueue(
            "operations.task",
            key,
            due_at=task.run_after,
            task=task.module_path,
            args=normalize_json(args),
            kwargs=normalize_json(kwargs),
        )
        return TaskResult(
            task=task,
            id=key,
            status=TaskResultStatus.READY,
            enqueued_at=clock.real_now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
