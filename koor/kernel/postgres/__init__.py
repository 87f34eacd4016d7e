"""The house's own PostgreSQL, run from the binaries in a wheel: no system package, also as root.

It knows no Django, because settings ask it for an address and the supervisor runs it. Layout under KOOR_HOME:
`pg/data` (the cluster), `pg/s` (the socket), `pg/koor.conf` (our settings), `pg/gate` and `pg/holders` (locks).
Why not the wheel's own server object: docs/decisions/0002-embedded-postgresql.md.
"""

from koor.kernel.postgres.cluster import Cluster, running
from koor.kernel.postgres.foreign import OLDEST, is_pooled_by_transaction, see_that_it_suits
from koor.kernel.postgres.place import (
    MAJOR,
    NAME,
    PORT,
    PostgresError,
    address,
    connect,
    django_database,
    embedded,
    own_address,
    socket_folder,
)
from koor.kernel.postgres.programs import binaries, run_tool

__all__ = [
    "MAJOR",
    "NAME",
    "OLDEST",
    "PORT",
    "Cluster",
    "PostgresError",
    "address",
    "binaries",
    "connect",
    "django_database",
    "embedded",
    "is_pooled_by_transaction",
    "own_address",
    "run_tool",
    "running",
    "see_that_it_suits",
    "socket_folder",
]
