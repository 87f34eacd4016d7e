"""Reads of consent: what may be published, the pictures that somebody is in, what was signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.choices import Agrees, FaceState, ItemKind, ItemState, Rights, Use, Where
from koor.flow.hub.models import Consent, Item, Medium, Portrayed, Rendition, Signing
from koor.flow.hub.queries.library import items, items_visible_to
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, secrets
from koor.kernel.access import NotFound, Refused


def publishable(person: Person, item: Item, *, account: Account | None = None) -> tuple[bool, list[str]]:
    """Whether an item may be offered for publishing, and the reasons when it may not, as sentences. With an account:
    there, for what that account is for; without: anywhere, for anything."""
    use, place = scope_of(account) if account is not None else ("", "")
    reasons = [_block_sentence(block) for block in blocks_of(item, use=use, place=place)]
    return not reasons, reasons


def scope_of(account: Account) -> tuple[str, str]:
    """What showing a picture on this account is for, and where that is; empty where nothing leaves the house."""
    known = channels.connectors().get(account.connector)
    if known is None or not known.manifest.public:
        return "", ""
    use = Use.JOBS if account.purpose == Purpose.JOBS else Use.SHOW
    return use, Where.SOCIAL if known.manifest.network or known.manifest.by_hand else Where.HOUSE


def blocks_of(item: Item, *, use: str = "", place: str = "", shown_at: datetime | None = None) -> list[logic.Block]:
    """`shown_at`: of a copy that went out then, with those in it recognisable who were blurred later."""
    withdrawn = item.capture is not None and item.capture.withdrawn_at is not None
    media = item.media.all()
    empty = item.kind == ItemKind.PHOTO and not media
    empty = empty or (item.kind == ItemKind.DOCUMENT and not any(not one.refused for one in media))
    said = [_said(row, shown_at) for row in item.portrayed.all()]
    unlooked = sum(one.faces_found for one in media if one.faces == FaceState.PROPOSED)
    ends = item.rights_until or any(one.ends_on for one in said)
    today = people.today() if ends else date.min  # asked only where something has an end
    rights = logic.rights_block(item.rights_kind, item.rights_until, today, bool(media))
    held = {"shelved": item.state == ItemState.SHELVED, "withdrawn": withdrawn, "empty": empty}
    held["untold"] = item.capture is not None and not item.capture.who_told
    held["example"] = item.kind == ItemKind.POST
    return logic.blocks(said, today=today, use=use, place=place, rights=rights, unlooked=unlooked, **held)


def right_ended(item: Item) -> bool:
    """Whether our right to use it, and nobody's answer, keeps it from being published."""
    return any(block.code in ("expired", "foreign") for block in blocks_of(item))


def _said(row: Portrayed, shown_at: datetime | None) -> logic.Said:
    hidden = row.hidden_at is not None and (shown_at is None or row.hidden_at <= shown_at)
    colleague = row.person_id is not None
    return logic.Said(row.name, row.agrees, tuple(row.uses), tuple(row.places), row.ends_on, colleague, hidden)


def _block_sentence(block: logic.Block) -> str:
    sentences = {
        "withdrawn": _("Its maker took it back."),
        "shelved": _("It was put aside."),
        "empty": _("It has no picture."),
        "expired": _("Our right to use it has ended."),
        "foreign": _("It is somebody else's: we may link to it, not show it."),
        "faces": _("The house thinks it sees faces. First look whether they need blurring."),
        "untold": _("Its maker did not tell yet who is in it."),
        "example": _("It went out already. It is an example to begin from."),
        "colleague": _("There is no yes of %(name)s yet."),
        "ended": _("The yes of %(name)s has ended."),
        "use": _("%(name)s agreed to something else than this is for."),
        "place": _("%(name)s agreed, but not for this place."),
        Agrees.NO: _("%(name)s does not agree."),
        Agrees.ASK: _("We do not know yet whether %(name)s agrees."),
    }
    sentence = sentences[block.code]
    return sentence % {"name": block.name} if block.of_consent else sentence


def publishable_items(person: Person) -> QuerySet[Item]:
    """What this colleague could make a post of: nobody in it objects or is still to be asked, not put aside."""
    of_item = Portrayed.objects.filter(item=OuterRef("pk"))
    hindered = of_item.filter(~Q(agrees=Agrees.YES) | Q(ends_on__lt=people.today()), hidden_at=None)
    pictures = Medium.objects.filter(item=OuterRef("pk"))
    foreign = Q(rights_kind=Rights.LINK) & Exists(pictures)
    ours = items(person).exclude(Q(rights_until__lt=people.today()) | foreign)
    told = Q(capture=None) | Q(capture__who_told=True)
    rows = ours.filter(told, ~Exists(hindered)).exclude(state=ItemState.SHELVED).exclude(kind=ItemKind.POST)
    return rows.filter(~Exists(_unlooked_faces().filter(item=OuterRef("pk"))))


def _unlooked_faces() -> QuerySet[Medium, Any]:
    """Of an item: more faces that the house proposed and nobody looked at than people who are named."""
    named = Portrayed.objects.filter(item=OuterRef("item")).order_by().values("item").annotate(n=Count("pk"))
    proposed = Medium.objects.filter(faces=FaceState.PROPOSED).order_by().values("item")
    return proposed.annotate(n=Sum("faces_found")).filter(n__gt=Coalesce(Subquery(named.values("n")), 0))


def untold_of(person: Person) -> QuerySet[Item]:
    """What one showed by mail without saying who is in it, the latest first."""
    rows = Item.objects.filter(capture__by=person, capture__who_told=False, capture__withdrawn_at=None)
    return rows.exclude(state=ItemState.SHELVED).order_by("-pk")


def proposed_of(person: Person) -> QuerySet[Medium]:
    """One's own photos in which the house proposed more faces than people are named, and nobody looked."""
    rows = Medium.objects.filter(
        item__by=person, item__removed_at=None, faces=FaceState.PROPOSED, item__capture__withdrawn_at=None
    )
    unlooked = _unlooked_faces().filter(item=OuterRef("item"))
    return rows.filter(Exists(unlooked)).select_related("item").order_by("-pk")


def portrayals_of(person: Person) -> QuerySet[Portrayed]:
    """Pictures that this colleague is in, still to be answered first."""
    renditions = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    media = Prefetch("item__media", Medium.objects.order_by("order", "pk").prefetch_related(renditions))
    rows = Portrayed.objects.filter(person=person, item__removed_at=None).exclude(item=None)
    rows = rows.filter(Q(item__capture=None) | Q(item__capture__withdrawn_at=None))
    return (
        rows.select_related("item__by__picture", "item__project", "item__capture")
        .prefetch_related(media)
        .order_by("-pk")
    )


def to_be_asked(person: Person) -> QuerySet[Portrayed]:
    """Pictures of this colleague of which nobody knows yet whether they agree."""
    return portrayals_of(person).filter(agrees=Agrees.ASK, hidden_at=None).exclude(item__by=person)


def answer_seen_by(person: Person, row: Portrayed) -> str:
    """The answer as this reader sees it: a colleague's *no* is only theirs to see."""
    if row.person_id is not None and row.person_id != person.pk and row.agrees == Agrees.NO:
        return Agrees.ASK
    return row.agrees


@dataclass(frozen=True)
class Shown:
    """Somebody in a picture as this reader sees them. `seen`: the answer; `allowed`: in words what a yes is for."""

    row: Portrayed
    seen: str
    allowed: str
    may_change: bool
    may_sign: bool
    hidden: bool

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """What may be written down of them; of who answered on their own phone only a no."""
        open_ = Agrees.choices if not self.row.own_word else [(Agrees.NO.value, Agrees.NO.label)]
        return [(value, label) for value, label in open_ if value != self.seen]


def shown_to(person: Person, rows: Iterable[Portrayed]) -> list[Shown]:
    """Give the rows with their item or capture fetched."""
    return [
        Shown(
            row,
            answer_seen_by(person, row),
            _allowed(row),
            access.may_record_consent(person, row),
            row.agrees != Agrees.YES and access.may_ask_to_sign(person, row),
            row.hidden_at is not None,
        )
        for row in rows
    ]


def _allowed(row: Portrayed) -> str:
    """What a yes is for, in words: "Showing our work · Our own newsroom, social media"."""
    uses = ", ".join(str(Use(one).label) for one in row.uses if one in Use.values)
    places = ", ".join(str(Where(one).label) for one in row.places if one in Where.values)
    until = _("until %(day)s") % {"day": date_format(row.ends_on, "SHORT_DATE_FORMAT")} if row.ends_on else ""
    return " · ".join(filter(None, (uses, places, until)))


def portrayal(person: Person, pk: int) -> Portrayed:
    """Somebody in a picture about whom this colleague may say something. NotFound otherwise."""
    rows = Portrayed.objects.select_related("item", "capture", "person")
    found = rows.filter(pk=pk).first()
    seen = found and (
        found.person_id == person.pk
        or (found.capture and found.capture.by_id == person.pk)
        or (found.item_id and items_visible_to(person).filter(pk=found.item_id).exists())
    )
    if found is None or not seen:
        raise NotFound
    return found


def signing(token: str) -> Signing:
    """The question behind a QR code, for whoever holds it. NotFound when there is none, Refused when it was answered
    or has expired."""
    rows = Signing.objects.select_related("portrayed__item", "portrayed__capture")
    found = rows.filter(digest=secrets.digest(token)).first()
    if found is None:
        raise NotFound
    require_open(found)
    return found


def require_open(asked: Signing) -> None:
    """Refuses a question that was answered or has expired."""
    if asked.used_at is not None:
        raise Refused(_("This was answered already. Use the address that you kept."), code="used")
    if asked.expires_at <= clock.now():
        raise Refused(_("This address is no longer valid. Ask for a new one."), code="expired")


def kept_consent(key: str) -> Consent:
    """A yes, for whoever holds the address that its giver kept. NotFound for a wrong one."""
    rows = Consent.objects.select_related("portrayed__item", "portrayed__capture")
    found = rows.filter(key_digest=secrets.digest(key)).first()
    if found is None:
        raise NotFound
    return found


def pictures_of(row: Portrayed) -> list[Rendition]:
    """All pictures that a yes is about, small; none while they are being prepared or when they were taken back."""
    if row.capture is not None and row.capture.withdrawn_at is not None:
        return []
    of = {"item": row.item_id} if row.item_id else {"capture": row.capture_id}
    rows = Rendition.objects.filter(format="jpeg", **{f"medium__{name}": value for name, value in of.items()})
    rows = rows.filter(width__lte=1200).select_related("file", "medium").order_by("medium_id", "-width")
    return sorted(rows.distinct("medium_id"), key=lambda one: (one.medium.order, one.medium_id))
