"""What the hub tells on a colleague's phone, if they asked for it."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.hub.choices import ItemState
from koor.flow.hub.models import Item, Prompt
from koor.kernel import notices


def tell_decision(item_id: int) -> None:
    """Whoever showed it hears that the curator looked. What was said stands in Koor."""
    item = Item.objects.select_related("by", "capture").filter(pk=item_id).first()
    if item is None or item.by is None or item.decided_at is None or item.decided_by_id in (None, item.by_id):
        return
    with translation.override(item.by.language):
        kept = item.state == ItemState.KEPT
        notices.push(
            to=item.by.pk,
            title=_("Your photo is kept for use")
            if kept and item.capture
            else _("The curator looked at what you showed"),
            text=_("With a word for you.") if item.decision else "",
            url=_page_of(item),
            kind="decided",
            key=f"decided:{item.pk}:{item.decided_at:%Y%m%d%H%M%S}",
        )


def _page_of(item: Item) -> str:
    if item.capture_id is not None:
        return reverse("hub:captured", args=[item.capture_id])
    return reverse("hub:item", args=[item.pk])


def tell_question(prompt_id: int) -> None:
    """Everybody who is asked hears the question."""
    prompt = Prompt.objects.filter(pk=prompt_id, closed_at=None).first()
    for person in prompt.asked.filter(is_active=True) if prompt else ():
        with translation.override(person.language):
            notices.push(
                to=person.pk,
                title=_("A question for you"),
                text=prompt.question if prompt else "",
                url=reverse("hub:prompt", args=[prompt_id]),
                kind="asked",
                key=f"asked:{prompt_id}",
            )
