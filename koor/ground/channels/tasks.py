"""Jobs of the channels room: a look at every account, each hour and when something changed."""

from koor.ground.channels import actions
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.kernel import jobs


@jobs.task("channels.check_account")
def check_account(account: int) -> None:
    actions.look_at(account)


@jobs.every("23 * * * *", "channels.check_accounts")
def check_accounts(timestamp: int) -> None:
    """Each hour a job for every account, so that a slow platform holds up no other."""
    rows = Account.objects.exclude(state=AccountState.DISCONNECTED).values_list("pk", flat=True)
    for pk in rows.order_by("pk"):
        jobs.later(check_account, only_one=f"channels.check_account:{pk}", account=pk)


@jobs.every("*/20 * * * *", "channels.sweep_connecting")
def sweep_connecting(timestamp: int) -> None:
    """Who went to a platform and did not come back."""
    actions.sweep_connecting()
