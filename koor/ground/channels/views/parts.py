"""What several pages of the room share."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from koor.ground.channels import access, queries
from koor.ground.channels.contract import Manifest
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import SignedIn
from koor.ground.people.models import Person
from koor.kernel.access import NotFound, Refused


def show(request: SignedIn, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """On the stage where this person is: a curator backstage, a colleague in front."""
    backstage = request.user.is_backstage
    stage = {"frame": "frame/back.html" if backstage else "frame/front.html", "backstage": backstage}
    return render(request, f"channels/{template}.html", {**stage, **context}, status=status)


def may_make(person: Person, connector: queries.Connector) -> bool:
    return connector.manifest.personal or access.may_manage(person)


def usual_purpose(manifest: Manifest, personal: bool) -> str:
    if not manifest.public:
        return Purpose.PRACTICE
    if manifest.answers_only:
        return Purpose.SERVICE
    return Purpose.WORK if personal else Purpose.NEWS


def found_platform(key: str) -> queries.Connector:
    """A platform that is named in an address: one that is not there is no page."""
    try:
        return queries.connector(key)
    except Refused as refused:
        raise NotFound from refused
