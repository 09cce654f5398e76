from django.tasks.backends.immediate import ImmediateBackend as ErrandBackend

__all__ = ["ErrandBackend"]
