"""Who showed something hears the curator's word on their phone; who is asked hears the question. Once, if they want."""

from collections.abc import Callable

from koor.flow.hub import actions
from koor.flow.hub.events import CaptureReady, ExampleChosen, IdeaMoved, ItemDecided, PromptAsked
from koor.flow.hub.models import Item
from koor.flow.hub.receivers import asked, chosen, decided, moved, said_for_them
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


def test_of_something_without_a_photo_the_page_of_the_item_is_told(bram: Person, marloes: Person) -> None:
    device_at(FCM, bram.pk)
    kept = actions.keep_post(by=marloes, maker=bram, title="The last tube", why="You see it before you.")
    decided(ItemDecided(kept.pk))
    assert lines() == [(bram.pk, "The curator looked at what you showed", f"/library/{kept.pk}/")]
    assert Push.objects.get().text == "With a word for you."


def test_each_step_of_an_idea_is_told_once_and_not_as_a_decision_too(bram: Person, marloes: Person) -> None:
    device_at(FCM, bram.pk)
    idea = actions.add_text_item(by=bram, text="A film of the pump at night").idea
    moved(IdeaMoved(idea.pk))  # it stands where it came in
    moved(IdeaMoved(idea.pk + 1000))
    assert lines() == []
    actions.move_idea(by=marloes, idea=idea, state="making", reason="On Friday")
    for _ in range(2):
        moved(IdeaMoved(idea.pk))
        decided(ItemDecided(idea.item_id))
    assert lines() == [(bram.pk, "Your idea: Being made", f"/ideas/{idea.pk}/")]
    assert Push.objects.get().text == "With a word for you."


def test_a_step_of_ones_own_idea_is_no_news(marloes: Person) -> None:
    device_at(FCM, marloes.pk)
    idea = actions.add_text_item(by=marloes, text="A film of the pump at night").idea
    actions.move_idea(by=marloes, idea=idea, state="chosen")
    moved(IdeaMoved(idea.pk))
    assert lines() == []


def test_a_good_example_is_told_to_its_maker_until_they_decline(bram: Person, marloes: Person, show: Show) -> None:
    for person, address in ((bram, FCM), (marloes, FCM + "2")):
        device_at(address, person.pk)
    example = actions.choose_example(by=marloes, item=show(bram), why="You see what happens.")
    own = actions.choose_example(by=marloes, item=show(marloes, "Mine"), why="So that it is seen.")
    for _ in range(2):
        chosen(ExampleChosen(example.pk))
        chosen(ExampleChosen(own.pk))
    assert lines() == [(bram.pk, "Yours is a good example of this week", "/examples/")]
    Push.objects.all().delete()
    actions.decline_example(by=bram, example=example)
    chosen(ExampleChosen(example.pk))
    assert lines() == []


def test_of_whom_a_yes_was_said_hears_it_once(bram: Person, henk: Person, rob: Person, show: Show) -> None:
    for person in (bram, henk, rob):
        device_at(FCM + str(person.pk), person.pk)
    item = show(bram, Henk="yes", Rob="ask", Bram="yes", people={"Henk": henk, "Rob": rob, "Bram": bram})
    assert item.capture_id is not None
    for _ in range(2):
        said_for_them(CaptureReady(item.capture_id))
    assert lines() == [(henk.pk, "Bram showed a photo with you", "/capture/with-me/")]
