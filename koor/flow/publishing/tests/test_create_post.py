"""A draft for one or more accounts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions.content import draft_of
from koor.flow.publishing.models import Post
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.once import KeyReused

Write = Callable[..., Post]


def test_each_account_gets_its_own_words(write: Write, stage: Account, news: Account) -> None:
    post = write("Acht lokalen.", stage, news, texts={news.pk: "In de krant: acht lokalen."})
    assert (row(post, stage).text, row(post, news).text) == ("Acht lokalen.", "In de krant: acht lokalen.")
    assert (post.stage, row(post).state, row(post).wake_at) == ("draft", "scheduled", None)
    assert AuditEntry.objects.filter(verb="publishing.create_post", target_id=post.pk).count() == 1


def test_its_language_is_chosen_or_that_of_its_words(write: Write, stage: Account, news: Account, bram: Person) -> None:
    english = "Eight classrooms of the school have fresh air again since this morning."
    assert write("Acht lokalen van de school hebben weer frisse lucht.", stage).language == "nl"
    assert write("Hallo.", stage).language == "en", "too short to tell: the house's"
    assert write(english, stage, language="de").language == "de"
    post = write(english, stage, news, texts={news.pk: "Acht lokalen van de school hebben weer frisse lucht."})
    assert (post.language, draft_of(row(post, stage)).language, draft_of(row(post, news)).language) == (
        "en",
        "en",
        "nl",
    )
    changed = actions.edit_post(by=bram, post=post, text="Acht lokalen van de school hebben weer frisse lucht.")
    assert (changed.language, row(changed, stage).revision) == ("nl", 2), "it follows the words"
    kept = actions.edit_post(by=bram, post=post, language="fr")
    assert (kept.language, row(kept, stage).revision) == ("fr", 3)
    assert actions.edit_post(by=bram, post=post, text=english).language == "fr", "who chose is not overruled"
    with pytest.raises(Refused, match="language"):
        write("Hallo.", stage, language="zz")


def test_a_planned_moment_is_kept_as_wall_time(noon: datetime, write: Write, stage: Account) -> None:
    planned = row(write("Morgen.", stage, due_local=datetime(2026, 11, 25, 9, 30)))
    assert (planned.due_day, planned.due_time, planned.due_at) == (date(2026, 11, 25), time(9, 30), None)
    assert planned.zone == "Europe/Amsterdam"


def test_only_a_post_for_stages_is_practice(write: Write, stage: Account, news: Account) -> None:
    assert write("Oefenen.", stage).practice
    assert not write("Echt.", stage, news).practice
    assert not write("Nog nergens.").practice


def test_an_item_brings_its_pictures(write: Write, bram: Person, stage: Account, noon: datetime) -> None:
    item = Item.objects.create(kind="photo", by=bram, title="Meterkast", made_at=noon)
    medium = Medium.objects.create(item=item, alt="Een meterkast")
    post = write("Kijk.", stage, item=item)
    assert [(one.medium, one.alt) for one in post.media.all()] == [(medium, "Een meterkast")]
    other = write("Kijk.", stage, item=item, media=[(medium, "Open deur"), (medium, "Dubbel")])
    assert [one.alt for one in other.media.all()] == ["Dubbel"]
    assert not write("Zonder beeld.", stage, item=item, media=[]).media.exists()


def test_the_same_key_gives_the_same_post(write: Write, stage: Account, henk: Person) -> None:
    first = write("Hallo.", stage, once="k")
    assert write("Hallo.", stage, once="k") == first
    with pytest.raises(KeyReused):
        write("Anders.", stage, once="k")
    assert write("Hallo.", stage, by=henk, once="k") != first, "keys are a person's own"


def test_what_cannot_be_read_is_left_out_of_a_text(write: Write, stage: Account) -> None:
    assert write("a\x00b\r\nc\x1b[31m  ", stage).text == "ab\nc[31m"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": " \x00 "}, "empty"),
        ({"text": "x" * 20_001}, "too_long"),
        ({"title": "x" * 161}, "too_long"),
        ({"link": "javascript:alert(1)"}, "bad_link"),
        ({"link": "https://[::1"}, "bad_link"),
        ({"link": "https://a b"}, "bad_link"),
        ({"due_local": datetime(2026, 11, 23, 12)}, "past"),
        ({"due_local": datetime(2031, 1, 1, 12)}, "far"),
        ({"due_local": datetime(2026, 11, 25, 12, tzinfo=UTC)}, "zone"),
        ({"options": {"visibility": "private"}}, "option"),
    ],
)
def test_what_cannot_be(noon: datetime, write: Write, stage: Account, given: dict[str, Any], code: str) -> None:
    if "options" in given:
        given = {"options": {stage.pk: given["options"]}}
    with pytest.raises(Refused) as refused:
        write(given.pop("text", "Hallo."), stage, **given)
    assert refused.value.code == code
    assert not Post.objects.exists()


def test_a_link_is_kept(write: Write, stage: Account) -> None:
    assert write("Lees.", stage, link=" https://reurslag.example/a?b=c ").link == "https://reurslag.example/a?b=c"


def test_the_same_account_twice_is_refused(write: Write, stage: Account) -> None:
    with pytest.raises(Refused) as refused:
        write("Hallo.", stage, stage)
    assert refused.value.code == "accounts"


def test_too_many_pictures(write: Write, stage: Account) -> None:
    with pytest.raises(Refused) as refused:
        write("Kijk.", stage, media=[Medium.objects.create() for _n in range(21)])
    assert refused.value.code == "too_many"


def test_a_disconnected_account(write: Write, stage: Account) -> None:
    channels.disconnect_account(by=SYSTEM, account=stage)
    stage.refresh_from_db()
    with pytest.raises(Refused) as refused:
        write("Hallo.", stage)
    assert refused.value.code == "disconnected"


def test_somebody_elses_own_account(write: Write, by_hand: Account) -> None:
    with pytest.raises(Forbidden) as forbidden:
        write("Namens Rob.", by_hand)
    assert "Rob on LinkedIn" in forbidden.value.sentence


def test_who_practises_stays_in_the_house(
    write: Write, stage: Account, news: Account, person: Callable[..., Person]
) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.PRACTISE)
    assert write("Oefenen.", stage, by=jelle).practice
    for accounts in ((news,), (stage, news)):
        with pytest.raises(Refused) as refused:
            write("Echt.", *accounts, by=jelle)
        assert refused.value.code == "practise"


def test_the_practice_stage_of_the_academy_takes_no_real_account(write: Write, news: Account) -> None:
    with pytest.raises(Refused) as refused:
        write("Les een.", news, practice=True)
    assert refused.value.code == "practise"


def test_options_of_a_platform(write: Write, on_mastodon: Account) -> None:
    post = write("Hallo.", on_mastodon, options={on_mastodon.pk: {"visibility": "unlisted", "content_warning": ""}})
    assert row(post).options == {"visibility": "unlisted"}
    with pytest.raises(Refused):
        write("Hallo.", on_mastodon, options={on_mastodon.pk: {"visibility": "everybody"}})


def test_pictures_that_come_in_are_opened_once(write: Write, stage: Account) -> None:
    opened = []

    def load() -> list[Medium]:
        opened.append(1)
        return [Medium.objects.create()]

    for _call in range(2):
        write("Kijk.", stage, media=actions.Fresh(["digest"], load), once="k")
    assert opened == [1]
