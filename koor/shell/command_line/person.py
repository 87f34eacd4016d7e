"""`koor person …` and `koor token …`."""

import argparse
from typing import Any

from koor.shell.command_line.frame import Command


def person_list(args: argparse.Namespace) -> list[dict[str, Any]]:
    from koor.ground.people import queries

    return [
        {"id": p.pk, "name": p.name, "email": p.email, "roles": list(p.roles), "active": p.is_active}
        for p in queries.everybody()
    ]


COMMANDS = [Command("person list", person_list, about="All colleagues.")]
