"""A house of one measurement: its own database and files, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path


@contextmanager
def own_house(kept: Path | None = None) -> Iterator[None]:
    """Django set up on an empty embedded database, or on the one that was `kept` in a folder. Names of static files are as
    in the tree: their content is what is weighed."""
    with nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory(prefix="koor-bench-") as folder:
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
