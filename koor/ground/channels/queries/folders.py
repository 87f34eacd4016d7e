"""The connectors of this house, found by their folders: what each promises, and how it counts."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import koor
from koor.ground.channels import logic
from koor.ground.channels.contract import Act, Covered, Draft, Laid, Limits, Manifest, Prepared, Tokens
from koor.ground.channels.logic import parts
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import NotFound, Refused

FOLDER = "koor.connectors"
PARTS = (
    *("publish", "listen", "stream", "receive", "converse", "correct"),
    *("act", "check", "connect", "readers", "limits", "mention"),
)


@dataclass(frozen=True)
class Connector:
    """A platform's folder. A part that the folder does not have is None."""

    key: str
    manifest: Manifest
    publish: Any = None
    listen: Any = None
    stream: Any = None
    converse: Any = None
    correct: Any = None
    act: Any = None
    check: Any = None
    connect: Any = None
    receive: Any = None
    readers: Any = None
    limits: Any = None
    mention: Any = None
    drawing: str = ""  # what is inside the svg of its icon

    def limits_for(self, settings: Mapping[str, str]) -> Limits:
        """The limits before the platform itself was asked."""
        return self.limits.limits_for(settings) if self.limits else self.manifest.limits

    def length(self, draft: Draft, limits: Limits) -> int:
        """The length of a draft as this platform counts."""
        return self.limits.length(draft, limits) if self.limits else logic.length(draft, limits)

    def problem(self, draft: Draft, limits: Limits) -> Prepared | None:
        """Why this platform would not take a draft, as far as can be told without asking it."""
        found = logic.problem(draft, limits, self.length(draft, limits)) or parts.too_many(self.posts(draft, limits))
        return found or (self.limits.problem(draft) if hasattr(self.limits, "problem") else None)

    def posts(self, draft: Draft, limits: Limits) -> list[str]:
        """The posts that a draft becomes, where it becomes more than one."""
        cut = getattr(self.limits, "posts", None)
        found: list[str] = cut(draft, limits) if cut else []
        return found if len(found) > 1 else []

    def beforehand(self, draft: Draft, limits: Limits) -> str:
        """What people should know before it goes, such as what it costs; in their language."""
        told = getattr(self.limits, "beforehand", None)
        sentence, values = told(draft, limits) if told else ("", {})
        said = {key: number_format(one) if isinstance(one, Decimal) else one for key, one in values.items()}
        return logic.filled_in(_(sentence), said) if sentence else ""

    def laid_out(self, draft: Draft, settings: Mapping[str, str]) -> Laid:
        """A post as somebody takes it to the platform by hand."""
        own = getattr(self.limits, "laid_out", None)
        if own is not None:
            return own(draft, settings)  # type: ignore[no-any-return]
        return Laid(draft.text, logic.link_below(draft))


@functools.cache
def connectors() -> Mapping[str, Connector]:
    """Every connector by its key, in the order of their keys. A folder with a `manifest.py` is a connector."""
    path = [f"{place}/connectors" for place in koor.__path__]
    names = sorted(found.name for found in pkgutil.iter_modules(path) if found.ispkg)
    found = (_loaded(name) for name in names if importlib.util.find_spec(f"{FOLDER}.{name}.manifest"))
    return {connector.key: connector for connector in found}


def _loaded(name: str) -> Connector:
    manifest = importlib.import_module(f"{FOLDER}.{name}.manifest").MANIFEST
    parts = {part: _part(name, part) for part in PARTS}
    return Connector(manifest.key, manifest, drawing=_drawing(name), **parts)


def _drawing(name: str) -> str:
    spec = importlib.util.find_spec(f"{FOLDER}.{name}")
    icon = Path(next(iter(spec.submodule_search_locations or [""])), "icon.svg") if spec else Path()
    found = re.search(r"<svg[^>]*>(.*)</svg>", icon.read_text(), re.DOTALL) if icon.is_file() else None
    return found[1] if found else ""


def _part(name: str, part: str) -> ModuleType | None:
    whole = f"{FOLDER}.{name}.{part}"
    return importlib.import_module(whole) if importlib.util.find_spec(whole) else None


def connector(key: str) -> Connector:
    """The connector of this name. Refused when its folder is not there (any more)."""
    found = connectors().get(key)
    if found is None:
        raise Refused(_("There is no connector “%(key)s” in this house.") % {"key": key}, code="no_connector")
    return found


def platforms() -> list[Connector]:
    """The catalogue: what people meet most first, what stays inside the house last."""
    return sorted(
        connectors().values(),
        key=lambda c: (not c.manifest.network, not c.manifest.publishes, c.manifest.answers_only, c.key),
    )


def abilities(manifest: Manifest) -> list[tuple[Any, bool]]:
    """What Koor can do on a platform, and what not, in words."""
    return [
        (gettext_lazy("Prepare, so that you post by hand"), True)
        if manifest.by_hand
        else (gettext_lazy("Post what you write"), manifest.posts),
        (gettext_lazy("Read what people say"), manifest.listens or manifest.pushed),
        (gettext_lazy("Answer people"), manifest.replies),
        (gettext_lazy("Like what people say"), Act.LIKE in manifest.acts),
        (gettext_lazy("Change what was posted"), manifest.edits),
        (gettext_lazy("Take away what was posted"), manifest.deletes),
        (gettext_lazy("Keep unpleasant messages away"), bool(manifest.acts)),
        (gettext_lazy("See whether the account works"), manifest.checks),
    ]


def acts_on(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a platform lets us do with a message of somebody else, and what of it can be undone."""
    found = connectors().get(key)
    return (found.manifest.acts, found.manifest.undoes) if found else ((), ())


def by_hand_for(person: Person, platform: str) -> str:
    """The connector by which this person posts on a platform themselves; empty when there is none."""
    known = connectors().values() if person.is_active else ()
    return next((one.key for one in known if platform in {part.key for part in one.manifest.covers}), "")


def covered(key: str, part: str) -> tuple[Connector, Covered]:
    """A platform behind a connector, such as LinkedIn behind `by_hand`. NotFound when there is none."""
    found = connectors().get(key)
    one = next((one for one in found.manifest.covers if one.key == part), None) if found else None
    if found is None or one is None:
        raise NotFound
    return found, one


def platform_name(key: str) -> str:
    """What a platform is called, in the reader's language; the key of one whose folder is gone."""
    found = connectors().get(key)
    return _(found.manifest.name) if found else key


def platform_of(account: Account) -> str:
    """What the platform of an account is called, as a message id: LinkedIn, and not the hand that posts there."""
    found, one = connectors().get(account.connector), _behind(account)
    if found is None:
        return account.connector
    return one.name if one else found.manifest.name


def is_elsewhere(account: Account, url: str) -> bool:
    """Whether an address is plainly none of the platform where a person posts; never where its hosts are not known."""
    one, host = _behind(account), urlsplit(url).hostname or ""
    if one is None or not one.hosts:
        return False
    return not any(host == known or host.endswith(f".{known}") for known in one.hosts)


def _behind(account: Account) -> Covered | None:
    found, chosen = connectors().get(account.connector), str(account.settings.get("platform", ""))
    return next((one for one in found.manifest.covers if one.key == chosen), None) if found else None


def renews(key: str, tokens: Tokens) -> bool:
    """Whether these tokens can be renewed without a person."""
    made_with = connectors().get(key)
    oauth = made_with.manifest.oauth if made_with else None
    if made_with is None or oauth is None:
        return False
    return hasattr(made_with.connect, "refresh") or (oauth.refreshes and bool(tokens.refresh))


def limits_of(account: Account) -> Limits:
    """What holds for this account: as the platform told, else as the manifest says."""
    made_with = connectors().get(account.connector)
    usual = made_with.limits_for(account.settings) if made_with else Limits()
    return logic.limits_from(account.limits, usual)


def length_of(account: Account, draft: Draft) -> int:
    """How long a draft is on this account, counted as its platform counts."""
    return connector(account.connector).length(draft, limits_of(account))
