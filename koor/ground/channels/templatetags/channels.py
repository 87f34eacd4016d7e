"""What templates show of platforms: picture, name, and the texts of their manifests in one's own language."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from koor.ground.channels import queries
from koor.ground.channels.choices import May
from koor.ground.channels.contract import Delivery, Manifest, TriedAgainst
from koor.ground.channels.models import Account
from koor.kernel import plainly

register = template.Library()


@register.filter
def said(text: str) -> str:
    """A text of a manifest in the language of the reader."""
    return gettext(text) if text else ""


@register.simple_tag
def platform_icon(key: str, label: str = "") -> SafeString:
    """The drawing of a platform; silent for a screen reader unless it has a label. One that is gone has a dot."""
    found = queries.connectors().get(key)
    inner = mark_safe(found.drawing if found else '<circle cx="12" cy="12" r="3"/>')  # noqa: S308 checked by the tests
    if label:
        shape = '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>'
        return format_html(shape, label, inner)
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', inner)


register.filter(queries.platform_name)


@register.filter
def account_platform(account: Account) -> str:
    """The platform of an account; of one that is used by hand the platform behind it."""
    return gettext(queries.platform_of(account))


@register.filter
def is_checked(account: Account) -> bool:
    """Whether Koor can see for itself how this account is."""
    found = queries.connectors().get(account.connector)
    return found is not None and found.manifest.checks


@register.filter
def until(account: Account) -> datetime | None:
    """When somebody has to agree again, when that is soon. Give it with its grant fetched."""
    return account.grant.ends_at if account.grant is not None and queries.ends_soon(account) else None


@register.filter
def health_said(account: Account) -> str:
    """What the platform said last, in the language of the reader."""
    return plainly.told(account.health_note, account.health_values) if account.health_note else ""


@register.filter
def may_name(may: str) -> str:
    """What a member may do, in a word."""
    return str(May(may).label).lower() if may in May.values else may


TRIED = {
    TriedAgainst.LIVE: gettext_lazy("the real thing"),
    TriedAgainst.REAL_SERVER: gettext_lazy("a real server of our own"),
    TriedAgainst.TEST_SERVER: gettext_lazy("a test server that behaves as documented"),
    TriedAgainst.SPECIFICATION: gettext_lazy("the platform's own specification"),
    TriedAgainst.DOCUMENTATION: gettext_lazy("documentation only"),
}
ONCE = {
    Delivery.KEY: gettext_lazy(
        "Each post carries a key that the platform remembers for a while. Koor does not lean on that: before it tries "
        "again it looks whether the post is there."
    ),
    Delivery.CLIENT_ID: gettext_lazy(
        "Koor chooses the number of the post itself, so that sending it twice is the same post."
    ),
    Delivery.STAGED: gettext_lazy("The platform first makes a draft that Koor can look at, and shows it afterwards."),
    Delivery.READABLE: gettext_lazy(
        "Koor reads the account back to see whether a post is there before it tries again."
    ),
    Delivery.BLIND: gettext_lazy("Koor can't see what happened there: you tell it."),
}


@register.filter
def tried_name(tried: str) -> str:
    """The strongest thing that a connector was seen working with, in words."""
    return str(TRIED[TriedAgainst(tried)])


@register.filter
def kept_once(manifest: Manifest) -> str:
    """How a post goes out once and not twice here; where accounts differ, in each of the ways."""
    if not (manifest.publishes or manifest.by_hand):
        return gettext("Nothing is posted here.")
    ways = dict.fromkeys([*(way for _key, _value, way in manifest.delivery_by), manifest.delivery])
    said = [str(ONCE[way]) for way in ways]
    return said[0] if len(said) == 1 else gettext("It depends on the account.") + " " + " ".join(said)
