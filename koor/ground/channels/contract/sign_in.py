"""An account that is connected through the platform's own sign-in page, and what comes back from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koor.ground.channels.contract.manifest import Asked


@dataclass(frozen=True)
class OAuth:
    """How a platform lets people connect an account (OAuth 2.0 with PKCE, RFC 6749, 7636 and 9700).

    `authorise` and `token` may hold %(key)s of what the application `asks`. Texts are message ids."""

    authorise: str  # the address of the platform's page where a person agrees
    token: str
    scopes: tuple[str, ...]
    separator: str = " "  # between scopes
    pkce: bool = True  # S256
    basic: bool = False  # the client's name and secret in the Authorization header instead of the body
    refreshes: bool = True  # gives refresh tokens
    extra: Mapping[str, str] = field(default_factory=dict)  # of the authorise address, such as access_type=offline
    client_key: str = "client_id"  # what the platform calls it
    issuer: str = ""  # who must say to have answered, where the platform says it (RFC 9207)
    register: str = ""  # where an administrator registers the application: an address for people
    steps: tuple[str, ...] = ()  # what they do there, one sentence each
    asks: tuple[Asked, ...] = ()  # of the application, beside its name and secret, such as a server
    scopes_by: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # (asked, value, scopes) where applications differ

    def scopes_for(self, settings: Mapping[str, str]) -> tuple[str, ...]:
        """What is asked for an application with these settings: what it was not granted, a platform refuses whole."""
        return next((scopes for key, value, scopes in self.scopes_by if settings.get(key) == value), self.scopes)


@dataclass(frozen=True)
class Place:
    """Somewhere that this person may post: themselves, a page, a channel. It becomes an account."""

    key: str  # the platform's own number of it, never reused
    name: str
    handle: str = ""
    url: str = ""
    personal: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # beside the person's tokens


@dataclass(frozen=True)
class Tokens:
    """What opens the account. Moments are aware; None: the platform does not tell."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    refresh_expires_at: datetime | None = None
