"""A house of one measurement: its own database and files, gone afterwards."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType


@contextmanager
def endable() -> Iterator[None]:
    """Who is asked to end from outside (SIGTERM) leaves this block as by an error, so that what it started ends with
    it: its database, its other processes, its folder. Asked again meanwhile, it goes on leaving."""

    def leave(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def own_house(kept: Path | None = None) -> Iterator[None]:
    """Django set up on an empty embedded database, or on the one that was `kept` in a folder. Names of static files are as
    in the tree: their content is what is weighed."""
    made = nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory(prefix="koor-bench-")
    with endable(), made as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"KOOR_HOME": folder, "KOOR_DEBUG": "", "DJANGO_SETTINGS_MODULE": "koor.settings"}
        from koor.kernel.postgres import Cluster

        with Cluster(Path(folder)):
            import django
            from django.conf import settings

            from koor.kernel import collector

            django.setup()
            collector.rest()  # as in the process that serves pages
            settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
            settings.ALLOWED_HOSTS = ["*"]
            Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
            yield
            django.db.connections.close_all()
