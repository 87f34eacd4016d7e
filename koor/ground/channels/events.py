"""Facts of the channels room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountAdded:
    account_id: int


@dataclass(frozen=True)
class AccountResumed:
    account_id: int


@dataclass(frozen=True)
class AccountDisconnected:
    account_id: int


@dataclass(frozen=True)
class AccountInTrouble:
    """The account needs its owner: credentials that no longer work, or out of reach for a day."""

    account_id: int
