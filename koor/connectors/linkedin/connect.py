"""Where this person may post, after they agreed on LinkedIn's own page: as themselves, and for their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from koor.connectors.linkedin import client
from koor.connectors.linkedin.manifest import PAGE, PERSON
from koor.ground.channels import logic
from koor.ground.channels.contract import Health, Place, Session

MOST_PAGES = 100


def places(session: Session) -> tuple[Place, ...] | Health:
    """Themselves first. Pages need the application to have what LinkedIn calls the Community Management API."""
    from koor.connectors.linkedin.check import trouble

    try:
        return (person(session), *_pages(session))
    except client.Failed as failed:
        return trouble(failed)


def person(session: Session) -> Place:
    """The person whose token this is: by OpenID, or by the older way where the application has only that."""
    try:
        found = client.read(session, "/v2/userinfo")
        number, name = found.get("sub"), found.get("name")
    except client.Failed as failed:
        if failed.status not in (403, 404):
            raise
        found = client.read(session, "/v2/me")
        parts = (found.get("localizedFirstName"), found.get("localizedLastName"))
        number, name = found.get("id"), " ".join(str(part) for part in parts if part)
    if not isinstance(number, str) or not number:
        raise client.Failed(logic.unknown("no person in the answer"))
    urn = f"urn:li:person:{number}"
    return Place(urn, str(name or "LinkedIn"), personal=True, settings={"kind": PERSON, "author": urn})


def _pages(session: Session) -> list[Place]:
    path = f"/rest/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED&count={MOST_PAGES}"
    try:
        rows = client.read(session, path, "FINDER").get("elements")
    except client.Failed as failed:
        if failed.status in (400, 403, 404):  # the application may not: then there are no pages
            return []
        raise
    urns = [str(row.get("organization", "")) for row in rows or [] if isinstance(row, dict)]
    return [_page(session, urn) for urn in urns if urn.startswith("urn:li:organization:")]


def _page(session: Session, urn: str) -> Place:
    try:
        found: Mapping[str, Any] = client.read(session, f"/rest/organizations/{urn.rsplit(':', 1)[-1]}")
    except client.Failed as failed:
        if failed.status not in (403, 404):
            raise
        found = {}
    name, vanity = str(found.get("localizedName") or urn), str(found.get("vanityName") or "")
    url = f"https://www.linkedin.com/company/{vanity}/" if vanity else ""
    return Place(urn, name, name, url, settings={"kind": PAGE, "author": urn})
