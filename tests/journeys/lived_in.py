"""A house with something on every page of the work: what the demo lacks, and where each page of it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from koor.flow.calendar import actions as calendar
from koor.flow.hub import actions
from koor.flow.hub.choices import LetterState
from koor.flow.hub.models import AnswerLink, Idea, Item, Letter, Mailbox, Portrayed, Resemblance
from koor.flow.publishing.models import Offer, Target
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import clock, secrets

TOKEN = "letter-of-a-test-with-many-signs"
PLAN = b"dag;wat;wie\n2026-12-22;Meterkast;bram@reurslag.example\n2026-12-23;;\n31-31-2026;Kapot;\n"


def live_in() -> dict[str, list[str]]:
    """Where to look, for each first name; "" is somebody outside."""
    marloes, bram = (Person.objects.get(name__startswith=f"{name} ") for name in ("Marloes", "Bram"))
    item = Item.objects.filter(by=bram, media__isnull=False).order_by("pk")[0]
    medium = item.media.all()[0]
    _mailbox()
    return {
        "Marloes": [
            *_named("hub:item", "hub:item_edit", "hub:choose_example", "hub:wish_of_item", args=[item.pk]),
            reverse("hub:crop", args=[item.pk, medium.pk]),
            *_collections(marloes, item),
            *_copies(),
            *(reverse("hub:idea_column", args=[state]) for state in ("new", "done")),
            *_named("hub:idea", args=[Idea.objects.order_by("pk")[0].pk]),
            *_named("hub:add_prompt", "hub:held_letters", "publishing:pick", "publishing:held", "hub:occasions"),
            reverse("calendar:brought", args=[calendar.read_plan(by=marloes, name="plan.csv", data=PLAN).pk]),
            *_posts(),
            *_doubles(marloes),
        ],
        "Bram": [
            *_named("hub:faces", args=[medium.pk]),
            *_named("hub:own_address", "hub:with_me"),
            *(reverse("publishing:offer", args=[one.pk]) for one in Offer.objects.filter(person=bram)[:1]),
        ],
        "Erik": _named("hub:mailbox"),
        "": list(_outside(bram, item)),
    }


def _named(*names: str, args: Any = ()) -> list[str]:
    return [reverse(name, args=args) for name in names]


def _mailbox() -> None:
    Mailbox.objects.create(
        pk=1,
        address="fotos@reurslag.example",
        host="mail.reurslag.example",
        user="fotos",
        password=b"sealed",
        validity=7,
    )
    for number in range(2):
        Letter.objects.create(
            key=f"held-{number}", validity=7, uid=number, sender="jan@elsewhere.example",
            sentence="De kelder is klaar.", files=2, state=LetterState.HELD, at=clock.now(),
        )  # fmt: skip


def _collections(marloes: Person, item: Item) -> Iterator[str]:
    made = actions.make_collection(by=marloes, name="Warmtepompen in de winter", shared=True, items=[item.pk])
    yield from (reverse("hub:collections"), reverse("hub:collection", args=[made.pk]))


def _copies() -> Iterator[str]:
    one, other = Item.objects.filter(media__kind="photo").order_by("pk")[2:4]
    Resemblance.objects.get_or_create(one=one, other=other)
    yield from (reverse("hub:pairs"), reverse("hub:beside", args=[one.pk, other.pk]))


def _posts() -> Iterator[str]:
    up = Target.objects.filter(published_at__isnull=False).order_by("pk")[0]
    yield from _named("publishing:row", args=[up.pk])
    yield from _named("publishing:post", args=[up.post_id])


def _doubles(marloes: Person) -> Iterator[str]:
    there = Contact.objects.exclude(organisation=None).order_by("pk")[0]
    contacts.add_contact(by=marloes, name=there.name, organisation=there.organisation)
    yield reverse("contacts:doubles")


def _portrayed(bram: Person, item: Item, name: str = "Els Meijerink") -> Portrayed:
    return actions.add_portrayed(by=bram, item=item, name=name, agrees="ask")


def _outside(bram: Person, item: Item) -> Iterator[str]:
    """The pages of whoever has an address and no password."""
    _asked, token = actions.ask_to_sign(by=bram, portrayed=_portrayed(bram, item, "Truus Bos"))
    yield from (reverse("hub:sign", args=[token]) + f"?lang={lang}" for lang in ("nl", "ar"))
    _asked, other = actions.ask_to_sign(by=bram, portrayed=_portrayed(bram, item, "Gerda Bos"))
    key = actions.sign(token=other, signed=actions.Signed(name="Gerda Bos", uses=["show"], places=["house"], once="a"))
    yield reverse("hub:kept_consent", args=[key])
    yield reverse("hub:sign", args=[other])  # it was used
    link = AnswerLink.objects.filter(used_at=None, prompt__closed_at=None).order_by("pk")[0]
    AnswerLink.objects.filter(pk=link.pk).update(digest=secrets.digest(TOKEN))
    yield reverse("hub:by_letter", args=[TOKEN])
    yield reverse("hub:by_letter", args=["an-address-that-never-was"])
    digest = secrets.digest(TOKEN)
    Letter.objects.create(
        key="ask", validity=7, uid=9, sender=bram.email, person=bram, files=1, state=LetterState.ASKED, digest=digest,
        at=clock.now(),
    )  # fmt: skip
    yield reverse("hub:confirm_letter", args=[TOKEN])
