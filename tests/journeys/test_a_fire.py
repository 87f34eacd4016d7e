"""A fire, from the alarm to what was learnt, by a curator at a desk and a captain on a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Fire, FireLine, Message
from koor.flow.conversations.queries import fires
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Mention, Source
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.models import Target
from koor.ground.channels import actions as channels
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM

SAID = "There is water in two classrooms. Our people are there. At ten this evening we tell more here."


@pytest.fixture
def heard(marloes: Person) -> Mention:
    """The first post: somebody saw it, and the curator marked it."""
    places = [("News", "newsroom", "news"), ("Service", "paper", "service"), ("Tips", "paper", "news")]
    accounts = [
        channels.add_account(by=SYSTEM, connector=connector, name=name, owner=marloes, purpose=purpose)
        for name, connector, purpose in places
    ]
    cake = {"text": "Cake in the canteen.", "accounts": accounts[:1]}
    tomorrow = clock.now().replace(tzinfo=None) + timedelta(days=1)
    publishing.let_go(by=marloes, post=publishing.create_post(by=marloes, due_local=tomorrow, **cake))
    source = Source.objects.create(name="Service", kind="account", account=accounts[1], made_at=clock.now())

    def said(author: str, text: str, **more: Any) -> Mention:
        now = {"said_at": clock.now(), "stored_at": clock.now()}
        return Mention.objects.create(
            source=source, kind="reply", external_id=author, handle=author, author=author, text=text, **now, **more
        )

    conversations.open_from_mention(by=SYSTEM, mention=said("Joost Wender", "Is the school open tomorrow?"))
    first = said("Fatma Kaya", "Water in the school.", label="ohoh")
    conversations.open_from_mention(by=SYSTEM, mention=first)
    for number in range(7):
        said(f"Parent {number}", "The school is under water.", label="ohoh")
    return first


@pytest.mark.browser(150)
@pytest.mark.django_db(transaction=True)
def test_from_the_alarm_to_what_was_learnt(
    screen: Callable[..., Any], heard: Mention, marloes: Person, hanna: Person, bram: Person, run_jobs: Any
) -> None:
    desk, phone = screen(marloes), screen(hanna, width=390)
    page, answer = desk.page, desk.page.locator("p.answer")
    listening.watch(by=SYSTEM)
    run_jobs()
    desk.go("/")
    page.get_by_role("link", name="Look, and decide").click()
    expect(page.get_by_text("8 oh-ohs by 8 people")).to_be_visible()
    page.get_by_role("button", name="It burns: open a fire").click()
    expect(answer).to_have_text("Choose who speaks.")
    assert Fire.objects.get().alarm_at == heard.said_at
    page.locator(".nextstep").get_by_role("button", name="Hanna").click()
    expect(answer).to_have_text("Hold what was planned.")
    page.locator(".nextstep a").click()
    page.get_by_role("button", name="Hold them").click()
    expect(answer).to_have_text("Write what we say.")
    page.locator(".nextstep a").click()
    page.get_by_label("What we say").fill(SAID)
    page.get_by_role("button", name="Put it ready to sign").click()
    expect(answer).to_have_text("It waits for a name.")

    phone.go("/")
    phone.page.get_by_role("link", name="Read and sign").click()
    phone.page.get_by_role("button", name="Sign it and let it go").click()
    expect(phone.page.get_by_role("heading", name="Signed")).to_be_visible()
    run_jobs()
    assert Target.objects.filter(post__text=SAID, state="published").count() == 3
    assert Target.objects.get(post__text="Cake in the canteen.").because == "paused"

    fire = Fire.objects.get()
    desk.go(f"/fires/{fire.pk}/")
    expect(answer).to_have_text("Tell colleagues what to say.")
    page.locator(".nextstep a").click()
    page.get_by_role("button", name="Tell everybody").click()
    expect(answer).to_have_text("Prepare answers.")
    colleague = screen(bram, width=390)
    colleague.go("/")
    expect(colleague.page.get_by_text("Hanna Reurslag speaks for us")).to_be_visible()

    page.locator(".nextstep a").click()
    page.get_by_label("What people ask").fill("Is there water in the school?")
    page.get_by_label("What we answer").fill("Yes, in two classrooms; it is safe.")
    page.get_by_role("button", name="Put it ready").click()
    desk.go(f"/fires/{fire.pk}/people/")
    expect(page.get_by_label("Answer to Fatma")).to_have_value(
        "Hello Fatma,\n\nThank you for asking us. Yes, in two classrooms; it is safe. Do ask on."
    )
    page.get_by_label("Words that people use").fill("school")
    page.get_by_role("button", name="Gather").click()
    page.get_by_label("Answer to Joost").fill("Hello Joost, tomorrow all classes are open.")
    page.get_by_label("I read it").first.check()
    page.get_by_label("I read it").last.check()
    page.get_by_role("button", name="Send what is ticked").click()
    expect(answer).to_have_text("Nobody waits.")

    desk.go(f"/fires/{fire.pk}/end/")
    page.get_by_role("button", name="It is out").click()
    expect(answer).to_have_text("It is out. Write down what was learnt.")
    page.locator(".nextstep a").click()
    for label, text in (
        ("What caused it", "A fitting."),
        ("What we did", "Closed it."),
        ("What we learnt", "Two look."),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("dl.prose").get_by_text("Two look.")).to_be_visible()
    desk.go("/posts/held/")
    page.get_by_role("button", name="Let it go").click()
    expect(answer).to_have_text("Nothing is held.")
    desk.go(f"/fires/{fire.pk}/after/")
    page.get_by_label("It is out").fill("Thank you all.")
    page.get_by_role("button", name="Tell everybody").click()
    desk.go(f"/fires/{fire.pk}/log/")
    expect(answer).to_contain_text("as they were written")

    assert Message.objects.filter(direction="out").values("text").distinct().count() == 2
    assert fires.log_of(fire)[1] is None
    assert {"opened", "signed", "paused", "told", "answered", "ended", "learnt"} <= set(
        FireLine.objects.values_list("verb", flat=True)
    )
    assert (desk.complaints, phone.complaints) == ([], [])
