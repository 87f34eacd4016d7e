"""Remove the demo: the house becomes empty, its key and identity stay."""

from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from koor.ground.people.models import House
from koor.kernel import files
from koor.kernel.access import Refused
from koor.shell.demo.load import never_by_itself, password_file

KEPT = ("contenttypes", "migrations")
TRIES = 8


def remove() -> bool:
    """Empty every table of the house when it is the demo's. False when there is no demo here; a house that is
    somebody's own is never touched."""
    if not House.objects.filter(demo=True).exists():
        return False
    for left in reversed(range(TRIES)):
        try:
            _empty()
            break
        except OperationalError as error:  # it takes each table for itself, while a house that runs works on them
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            if not left:
                said = _("The house is too busy. Nothing was removed: stop Koor, or try again later.")
                raise Refused(said, code="busy") from error
    password_file().unlink(missing_ok=True)
    never_by_itself()
    return True


def _empty() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL koor.emptied = 'yes'")  # what else may never go, goes with its house
            cursor.execute(f"TRUNCATE {', '.join(_tables())} RESTART IDENTITY CASCADE")  # our own table names
        transaction.on_commit(lambda: files.sweep(older_than=0))  # the bytes go once no row points to them


def _tables() -> list[str]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in KEPT]
    names = {model._meta.db_table for model in models if model._meta.managed}
    names |= {"procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"}
    return [connection.ops.quote_name(name) for name in sorted(names)]
