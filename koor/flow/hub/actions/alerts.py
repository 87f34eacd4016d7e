"""What the hub tells on a colleague's phone, if they asked for it."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.hub.choices import Agrees, ItemState
from koor.flow.hub.models import GoodExample, Idea, Item, Portrayed, Prompt
from koor.kernel import notices


def tell_decision(item_id: int) -> None:
    """Whoever showed it hears that the curator looked. What was said stands in Koor."""
    item = Item.objects.select_related("by", "capture", "idea").filter(pk=item_id).first()
    if item is None or hasattr(item, "idea"):
        return  # what becomes of an idea is told with each step of it
    if item.by is None or item.decided_at is None or item.decided_by_id in (None, item.by_id):
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


def tell_step(idea_id: int) -> None:
    """Whoever came up with an idea hears that it stands elsewhere; the word with it stands in Koor."""
    idea = Idea.objects.select_related("item__by").filter(pk=idea_id).first()
    maker = idea.item.by if idea else None
    if idea is None or maker is None or idea.moved_by_id in (None, maker.pk):
        return
    with translation.override(maker.language):
        notices.push(
            to=maker.pk,
            title=_("Your idea: %(place)s") % {"place": idea.get_state_display()},
            text=_("With a word for you.") if idea.reason else "",
            url=reverse("hub:idea", args=[idea.pk]),
            kind="decided",
            key=f"idea:{idea.pk}:{idea.moved_at:%Y%m%d%H%M%S}",
        )


def tell_example(example_id: int) -> None:
    """Whoever made it hears first, and may decline."""
    example = GoodExample.objects.select_related("item__by").filter(pk=example_id, declined_at=None).first()
    maker = example.item.by if example else None
    if example is None or maker is None or example.by_id == maker.pk:
        return
    with translation.override(maker.language):
        notices.push(
            to=maker.pk,
            title=_("Yours is a good example of this week"),
            text=_("With one sentence why. You may say that you would rather not."),
            url=reverse("hub:examples"),
            kind="decided",
            key=f"example:{example.pk}",
        )


def tell_said_for(capture_id: int) -> None:
    """A colleague of whom the maker said that they agree hears it, and may rather not."""
    rows = Portrayed.objects.filter(capture=capture_id, agrees=Agrees.YES, person__is_active=True, hidden_at=None)
    rows = rows.filter(capture__withdrawn_at=None).select_related("person", "capture__by")
    for row in rows:
        maker = row.capture.by if row.capture else None
        if row.person is None or maker is None or row.recorded_by_id == row.person_id:
            continue
        with translation.override(row.person.language):
            notices.push(
                to=row.person.pk,
                title=_("%(name)s showed a photo with you") % {"name": maker.first_name},
                text=_("They said that you agree. You may say that you would rather not."),
                url=reverse("hub:with_me"),
                kind="asked",
                key=f"said_for:{row.pk}",
            )
