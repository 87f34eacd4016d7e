"""Who showed something hears the curator's word on their phone; who is asked hears the question. Once, if they want."""

from collections.abc import Callable

from koor.flow.hub import actions
from koor.flow.hub.events import ItemDecided, PromptAsked
from koor.flow.hub.models import Item
from koor.flow.hub.receivers import asked, decided
from koor.ground.people.models import Person
from koor.kernel.models import Push
from koor.kernel.tests.test_push import FCM, device_at

Show = Callable[..., Item]


def lines() -> list[tuple[int, str, str]]:
    rows = Push.objects.order_by("pk")
    return [(row.device.owner_id, row.title, row.url) for row in rows]


def test_the_word_of_the_curator(bram: Person, marloes: Person, show: Show) -> None:
    device_at(FCM, bram.pk)
    item = show(bram)
    for _ in range(2):
        decided(ItemDecided(item.pk))  # not decided yet
    assert lines() == []
    actions.shelve_item(by=marloes, item=item, reason="Els de Wit is not in it.")
    for _ in range(2):
        decided(ItemDecided(item.pk))
    assert lines() == [(bram.pk, "The curator looked at what you showed", f"/capture/{item.capture_id}/")]
    assert "Els" not in Push.objects.get().text


def test_not_of_ones_own_decision_and_in_ones_own_language(marloes: Person, bram: Person, show: Show) -> None:
    device_at(FCM, marloes.pk)
    own = show(marloes)
    actions.keep_item(by=marloes, item=own)
    decided(ItemDecided(own.pk))
    assert lines() == []
    bram.language = "nl"
    bram.save()
    device_at(FCM + "2", bram.pk)
    actions.keep_item(by=marloes, item=(item := show(bram)))
    decided(ItemDecided(item.pk))
    assert Push.objects.get().title == "Je foto is bewaard om te gebruiken"


def test_a_question(marloes: Person, bram: Person, henk: Person) -> None:
    device_at(FCM, bram.pk)
    prompt = actions.ask_colleagues(by=marloes, question="Who worked on a flat?", people=[bram, henk])
    for _ in range(2):
        asked(PromptAsked(prompt.pk))
    assert lines() == [(bram.pk, "A question for you", f"/questions/{prompt.pk}/")]
    assert Push.objects.get().text == "Who worked on a flat?"
