"""The interface for programs: /api/v1/, described at /api/v1/openapi.json."""

from koor.shell.api import resources  # noqa: F401 registers the operations
from koor.shell.api.frame import api

__all__ = ["api"]
