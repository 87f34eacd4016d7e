"""The navigation as the person who asks may see it; drawn once a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from koor.kernel import links, panels
from koor.shell.navigation import FRONT, Place, Verb, counted, drawn_places, drawn_verbs, on_front_stage, place_of

register = template.Library()


@register.simple_tag
def address(url_name: str, *arguments: Any) -> str:
    """`url` for a page that may not be there; then empty instead of an error."""
    if not arguments:
        return links.of_page(url_name)
    try:
        return reverse(url_name, args=arguments)
    except NoReverseMatch:
        return ""


def _here(request: HttpRequest | None) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name or "" if match else ""


def _arguments(context: Context) -> dict[str, Any]:
    """What is drawn for this person on this page; the numbers are asked once a request."""
    request = context.get("request")
    person = getattr(request, "user", None)
    known = bool(person and person.is_authenticated)
    roles = set(getattr(person, "roles", ())) if known else set()
    here = place_of(context.get("place") or _here(request), backstage=getattr(person, "is_backstage", False))
    counts = getattr(request, "koor_counts", None)
    if counts is None:
        counts = panels.counts_of(counted(roles=roles, here=here), person) if known else {}
        if request is not None:
            request.koor_counts = counts
    return {"roles": roles, "here": here, "address": links.of_page, "count": lambda place: counts.get(place, 0)}


@register.simple_tag(takes_context=True)
def front_places(context: Context) -> tuple[Place, ...]:
    """The five places of the front stage."""
    return drawn_places(FRONT, **_arguments(context))


@register.simple_tag(takes_context=True)
def at_verb(context: Context) -> bool:
    """Whether this page is one of the verbs' and its reader works backstage: then the rail of verbs stays."""
    person = getattr(context.get("request"), "user", None)
    if not getattr(person, "is_backstage", False) or on_front_stage(_arguments(context)["here"]):
        return False
    return any(verb.here for verb in verbs(context))


@register.simple_tag(takes_context=True)
def way_behind(context: Context) -> Place | None:
    """The first page backstage that this person may see, or none. For whom it is the only one it goes by its name."""
    places = [place for verb in verbs(context) for place in verb.places]
    if not places:
        return None
    if len(places) == 1:
        return replace(places[0], icon=places[0].icon or "backstage")
    return replace(places[0], title=_("Backstage"), icon="backstage", here=False)


@register.simple_tag(takes_context=True)
def verbs(context: Context) -> list[Verb]:
    """The verbs of the backstage; drawn once a request."""
    request = context.get("request")
    drawn: list[Verb] | None = getattr(request, "koor_verbs", None)
    if drawn is None:
        drawn = drawn_verbs(**_arguments(context))
        if request is not None:
            request.koor_verbs = drawn
    return drawn
