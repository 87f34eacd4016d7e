"""Naming people and pages. LinkedIn lets a program find a page by the name in its address; people only among who
follows a page, which it grants to few (`r_organization_followers`), so people are those whose number the house knows.

Sources: organizations/organization-lookup-api and shares/posts-atmention-search-api, read on 23 November 2026."""

from __future__ import annotations

import re

from koor.connectors.linkedin import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Named, Session
from koor.ground.channels.contract import message_id as _

URN = re.compile(r"urn:li:(?:person|organization):[\w-]{1,60}")
PAGE = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/company/([\w%-]{1,100})(?:[/?#].*)?", re.IGNORECASE)


def written(name: str, value: str, page: str) -> str:
    """By the number of a person or a page, or by the address of a page, whose number is looked up before it goes."""
    plain = " ".join(re.sub(r"[\[\]()]", " ", name).split())[:100]
    if URN.fullmatch(value):
        return f"@[{plain}]({value})"
    found = PAGE.fullmatch(page)
    return f"@[{plain}](https://www.linkedin.com/company/{found[1]})" if found and plain else ""


def look_up(session: Session, words: str) -> tuple[Named, ...] | Health:
    """The page with this name in its address, under the name that a mention has to carry."""
    found = PAGE.fullmatch(words.strip())
    slug = found[1] if found else re.sub(r"[^\w-]+", "-", words.strip().lower()).strip("-")[:100]
    if not slug:
        return ()
    path = f"/rest/organizations?q=vanityName&vanityName={client.path_of(slug)}"
    try:
        rows = client.read(session, path, "FINDER").get("elements")
    except client.Failed as failed:
        return () if failed.status == 404 else _trouble(failed)
    rows = rows if isinstance(rows, list) else []
    named = (_named(row, slug) for row in rows[:5] if isinstance(row, dict))
    return tuple(one for one in named if one is not None)


def _named(row: dict[str, object], slug: str) -> Named | None:
    name, number = row.get("localizedName"), row.get("id")
    if not isinstance(name, str) or not name or not isinstance(number, int):
        return None
    return Named(name, written(name, f"urn:li:organization:{number}", ""), f"linkedin.com/company/{slug}")


def _trouble(failed: client.Failed) -> Health:
    sentences = {
        Because.AUTH: _("LinkedIn lets only the account of a page look up other pages."),
        Because.RATE: _("LinkedIn asks to wait a little."),
        Because.REJECTED: _("LinkedIn knows no page of that name."),
    }
    sentence, because = logic.told(failed, sentences, _("LinkedIn could not be reached."))
    return Health(False, sentence, {}, because)
