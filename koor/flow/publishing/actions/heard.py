"""A platform tells by itself what became of an answer of ours: proof, where it can't be asked."""

from django.db import transaction

from koor.flow.publishing.actions import ledger
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Target
from koor.ground.people.access import Colleague, is_system
from koor.kernel.access import require


@transaction.atomic
def heard_of(*, by: Colleague, account_id: int, key: str, remote_id: str) -> None:
    """The row of this key is up under this number, whatever we thought. Nothing is undone by it."""
    require(is_system(by))
    target = _in_doubt(account_id, key, remote_id)
    if target is not None:
        ledger.is_up(target, remote_id, "")


@transaction.atomic
def heard_no(*, by: Colleague, account_id: int, key: str, remote_id: str, said: str) -> None:
    """The row of this key was taken under this number and did not arrive. A row that is known to be up stays so."""
    require(is_system(by))
    target = _in_doubt(account_id, key, remote_id)
    if target is not None:
        target.remote_id = remote_id[:300]  # by which what is told of it is known, and old news too
        to = logic.moved(ledger.row_of(target), logic.Next(logic.REJECTED, because=logic.REFUSED))
        ledger.keep(target, to, note=said)


def _in_doubt(account_id: int, key: str, remote_id: str) -> Target | None:
    """The row, held, while nobody knows whether it is up and no row is known by this number."""
    rows = Target.objects.select_for_update(of=("self",)).select_related("account", "post")
    target = rows.filter(account=account_id, key=key).first()
    if target is None or Target.objects.filter(account=account_id, remote_id=remote_id[:300]).exists():
        return None
    asked = target.state == State.NEEDS_PERSON and target.because == logic.UNSURE_FOR_GOOD
    return target if target.state in logic.UNSURE or asked else None
