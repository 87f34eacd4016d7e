"""What a start does before anything listens: migrations, static files, knowing which house this is. One process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from koor import __version__
from koor.kernel import postgres
from koor.shell import prepared

Tell = Callable[[str], None]
LOCK = 0x6B6F6F72  # advisory lock "koor": two machines on one database do not migrate at once


def prepare(tell: Tell, *, demo: bool) -> None:
    """Bring database and static files up to this version. Django and the database must be ready."""
    from django.conf import settings

    if not postgres.embedded():
        postgres.see_that_it_suits(postgres.address(settings.KOOR_HOME))
    with _alone():
        migrate(tell)
        erase_again(tell)
    gather_static(tell)
    know_house(tell)
    said = offer_demo(tell, wanted=demo)
    if not tell_who_may_come_back(tell):  # told at every start until it is mended
        prepared.remember(Path(settings.KOOR_HOME), said, demo=demo)


@contextmanager
def _alone() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def waiting_migrations() -> list[str]:
    """Names of the migrations that this version has and the database has not."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate(tell: Tell) -> None:
    """What a column made anew holds PostgreSQL learns by itself after many new rows only: until then a word that hardly
    anybody says would be looked for in all mentions of a million."""
    from django.core.management import call_command
    from django.db import connection

    waiting = waiting_migrations()
    if waiting:
        tell(f"Preparing the database ({len(waiting)} steps) …")
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("analyze")


def erase_again(tell: Tell) -> None:
    """Who was erased after the backup that this house was restored from is erased again, before anybody looks."""
    from koor.ground.people.models import House
    from koor.kernel.personal import erasing

    if House.objects.exists() and (done := erasing.replay(tell)):
        tell(f"Erased again after a restore: {done} times.")


def tell_who_may_come_back(tell: Tell) -> bool:
    """Whether the file of who was erased can't be read, or not all of it: that is said, and the start goes on."""
    from koor.kernel.personal import tombstones

    if trouble := tombstones.trouble():
        tell(f"Look at this: {trouble} {tombstones.MEND}")
    return bool(trouble)


def gather_static(tell: Tell) -> None:
    """Collect stylesheets, scripts and pictures under their fingerprinted names; nothing when nothing has changed."""
    from django.conf import settings
    from django.core.management import call_command

    mark, seen = Path(settings.STATIC_ROOT) / ".gathered", _static_fingerprint()
    if mark.exists() and mark.read_text() == seen:
        return
    tell("Gathering stylesheets and pictures …")
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(seen)


def _static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            seen.update(f"{path}\0{file.st_size}\0{file.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def know_house(tell: Tell) -> None:
    """See that database and folder belong together; if not, this is a copy or a restore, and nothing is sent."""
    from django.conf import settings

    from koor.ground.people.models import House
    from koor.kernel.identity import COPIED, identity, is_apart, set_apart

    here = identity(settings.KOOR_HOME)
    for house in House.objects.exclude(identity=here):
        house.identity = here
        house.publishing_held = house.publishing_held or COPIED
        house.save(update_fields=["identity", "publishing_held"])
        set_apart(settings.KOOR_HOME)
        tell("This is a copy of a house: publishing, messages and letters are held until somebody has looked.")
    if not is_apart(settings.KOOR_HOME) and _waits_to_be_looked_at():
        set_apart(settings.KOOR_HOME)
        tell("This house was restored or copied: messages and letters are held too until somebody has looked.")


def _waits_to_be_looked_at() -> bool:
    """It was restored or copied when only publishing was held, and nobody let it go since."""
    from koor.ground.people.models import House
    from koor.kernel.identity import COPIED, RESTORED

    return any(House.objects.filter(publishing_held__startswith=said).exists() for said in (COPIED, RESTORED))


def offer_demo(tell: Tell, *, wanted: bool) -> list[str]:
    """Load the demo organisation into an empty house, and say how to sign in to it; the lines that were said."""
    from koor.shell.command_line import demo  # needs the tables that this start may just have made

    return demo.offer(tell, wanted=wanted)
