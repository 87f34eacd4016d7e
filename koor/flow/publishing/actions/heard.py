"""A platform tells by itself that an answer of ours is there: proof, where it can't be asked."""

from django.db import transaction

from koor.flow.publishing.actions import ledger
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Target
from koor.ground.people.access import Colleague, is_system
from koor.kernel.access import require


def heard_of(*, by: Colleague, account_id: int, key: str, remote_id: str) -> None:
    """The row of this key is up under this number, whatever we thought. Nothing is undone by it."""
    require(is_system(by))
    with transaction.atomic():
        rows = Target.objects.select_for_update(of=("self",)).select_related("account", "post")
        target = rows.filter(account=account_id, key=key).first()
        if target is None:
            return
        asked = target.state == State.NEEDS_PERSON and target.because == logic.UNSURE_FOR_GOOD
        if target.state in logic.UNSURE or asked:
            ledger.is_up(target, remote_id, "")
