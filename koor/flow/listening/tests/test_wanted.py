"""What the audience wants: asked again and again, rising, thanked for; and a wish of it in one step."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.hub.models import Voice, Wish
from koor.flow.listening import actions, queries
from koor.flow.listening.actions import wanting
from koor.flow.listening.logic.asked import grouped, put_away_in, questions_in
from koor.flow.listening.logic.themes import rising
from koor.flow.listening.models import Mention, Source
from koor.flow.listening.tests.conftest import WANTED, forget_wanted
from koor.flow.publishing.models import Post, Target
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, NotFound, Refused

Said = Callable[..., Mention]
ASKED = (
    "Hoeveel geluid maakt zo'n buitenunit?",
    "Wij twijfelen. Is het geluid van de buitenunit 's nachts te horen?",
    "Maakt de buitenunit veel geluid bij vorst?",
)


def test_questions_end_so_or_begin_so() -> None:
    text = "Dag allemaal. Hoe vaak moet het filter eruit? Groet! Weet iemand wat een wtw kost"
    assert [one.text for one in questions_in(1, text)] == [
        "Hoe vaak moet het filter eruit?", "Weet iemand wat een wtw kost",
    ]  # fmt: skip
    assert not questions_in(1, "En dan? Hoe is het met je? https://x.example/?a=b")


def test_the_same_in_other_words_is_one_question() -> None:
    other = ("Wat kost een thuisbatterij?", "Is de winkel open?", "Komt Henk morgen?")
    asked = [one for at, text in enumerate((*ASKED, *other)) for one in questions_in(at, text)]
    groups = grouped(asked)
    assert [{one.key for one in group.members} for group in groups] == [{0, 1, 2}]
    assert "geluid" in groups[0].words


def test_of_too_many_questions_the_newest_are_held_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [one for at, text in enumerate(ASKED) for one in questions_in(at, text)]
    monkeypatch.setattr("koor.flow.listening.logic.asked.MOST", 3)
    old = [one for _ in ASKED for one in questions_in(9, "Is de winkel open?")]
    assert {one.key for group in grouped([*asked, *old]) for one in group.members} == {0, 1, 2}


def test_who_asks_three_times_alone_is_not_many() -> None:
    asked = [one for text in ASKED for one in questions_in(7, text)]
    assert grouped(asked) == []


def test_a_word_rises_when_many_more_people_say_it() -> None:
    before = [(n, f"p{n}", "De storing bij ons thuis", False) for n in range(30)]
    lately = [(100 + n, f"q{n}", "Legionella bij ons thuis", True) for n in range(10)]
    assert [(one.word, one.people) for one in rising([*before, *lately], 0.25)] == [("legionella", 10)]
    assert rising(before, 0.25) == []


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_wanted()


@pytest.fixture
def asked(said: Said, noon: datetime) -> list[Mention]:
    return [
        said(text, author=f"Buur {n}", handle=f"@buur{n}@x.example", created_at=(noon - timedelta(days=n)).isoformat())
        for n, text in enumerate(ASKED, 1)
    ]


def test_our_own_name_does_not_rise() -> None:
    lately = [(n, f"q{n}", "Legionella bij Reurslag", n > 9) for n in range(20)]
    lately = [one for one in lately if one[3]]
    assert [one.word for one in rising(lately, 0.25, "Reurslag")] == ["legionella"]


@pytest.mark.django_db
def test_one_older_wish_leaves_the_question_open(asked: list[Mention], marloes: Person) -> None:
    for number, one in enumerate(asked):
        actions.note_wish_of_many(by=marloes, mentions=[one], sentence=f"Wish {number}")
    (found,) = queries.wanted(marloes).questions
    assert found.wish is None


@pytest.mark.django_db
def test_it_is_read_anew_after_some_minutes(asked: list[Mention], said: Said, marloes: Person, noon: datetime) -> None:
    assert len(queries.wanted(marloes).questions[0].ids) == 3
    said("Hoeveel geluid geeft de buitenunit?", author="Piet", created_at=noon.isoformat())
    assert len(queries.wanted(marloes).questions[0].ids) == 3
    with clock.fixed(noon + timedelta(minutes=6)):
        assert len(queries.wanted(marloes).questions[0].ids) == 4


@pytest.mark.django_db
def test_the_page_shows_it_and_makes_a_wish_in_one_step(
    asked: list[Mention],
    marloes: Person,
    visit: Callable[[Person], Client],
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = visit(marloes)
    with django_assert_max_num_queries(15):
        page = browser.get("/listen/wanted/").content.decode()
    assert "buitenunit" in page
    assert "asked by 3 people" in page
    assert "1 question in four weeks" in page
    assert "no further back" not in page
    with monkeypatch.context() as storm:  # more is said than is read of four weeks
        storm.setattr(WANTED, "MOST", 3)
        forget_wanted()
        page = browser.get("/listen/wanted/").content.decode()
    assert "1 question lately" in page
    assert f'no further back than <time datetime="{asked[2].said_at.isoformat()}"' in page
    (one,) = queries.wanted(marloes).questions
    sent = {"said": one.ids, "sentence": one.sentence, "once": "o1"}
    for _time in range(2):
        wish = Wish.objects.get() if Wish.objects.exists() else None
        answer = browser.post("/listen/wanted/wish/", sent)
        assert answer.status_code == 302
        assert wish is None or Wish.objects.get() == wish
    assert Voice.objects.count() == 3
    assert f"/wishes/{Wish.objects.get().pk}/" in browser.get("/listen/wanted/").content.decode()


@pytest.mark.django_db
def test_answers_to_our_post_that_are_an_aha_stand_under_it(said: Said, marloes: Person) -> None:
    post = said("Kijk mee op het dak van de school")
    Mention.objects.filter(pk=post.pk).update(ours=True)
    for n in range(2):
        answer = said("Wat mooi, dank jullie wel", author=f"Els {n}", in_reply_to=post.external_id)
        Mention.objects.filter(pk=answer.pk).update(label="aha")
    (one,) = queries.wanted(marloes).thanked
    assert one.post is not None
    assert (one.post.text, one.post.address, one.people) == (post.text, f"/listen/mentions/{post.pk}/", 2)


@pytest.mark.django_db
def test_platforms_leave_our_own_post_out_and_its_answers_stand_under_it(
    said: Said, marloes: Person, noon: datetime, visit: Callable[[Person], Client]
) -> None:
    account = Account.objects.create(connector="paper", name="Wij", owner=marloes, made_at=noon)
    post = Post.objects.create(by=marloes, text="Kijk mee op het dak", made_at=noon, changed_at=noon)
    Target.objects.create(
        post=post, account=account, text="Kijk mee op het dak", state="published", remote_id="77", published_at=noon
    )
    for n in range(2):
        said("Wat mooi, dank jullie wel", author=f"Els {n}", in_reply_to="77")
    Mention.objects.update(label="aha")
    Source.objects.update(account=account, kind="account")
    (one,) = queries.wanted(marloes).thanked
    assert one.post is not None
    assert (one.post.text, one.people) == ("Kijk mee op het dak", 2)
    assert f'href="{one.post.address}"' in visit(marloes).get("/listen/wanted/").content.decode()


@pytest.mark.django_db
def test_a_word_that_rises_becomes_a_wish(
    said: Said, noon: datetime, marloes: Person, visit: Callable[[Person], Client]
) -> None:
    said("Mooi weer", author="Piet", created_at=(noon - timedelta(days=20)).isoformat())
    for n in range(5):
        said(f"Legionella in straat {n}", author=f"Els {n}", created_at=(noon - timedelta(hours=n)).isoformat())
    (one,) = queries.wanted(marloes).rising
    assert (one.theme.word, one.wish) == ("legionella", None)
    page = visit(marloes).get("/listen/wanted/").content.decode()
    assert "They talk about it: legionella" in page
    visit(marloes).post("/listen/wanted/wish/", {"said": one.ids, "sentence": "Legionella", "once": "o"})
    assert queries.wanted(marloes).rising[0].wish == Wish.objects.get()


@pytest.mark.django_db
def test_others_do_not_see_it(asked: list[Mention], bram: Person, visit: Callable[[Person], Client]) -> None:
    with pytest.raises(NotFound):
        queries.wanted(bram)
    assert visit(bram).get("/listen/wanted/").status_code == 404
    assert visit(bram).post("/listen/wanted/wish/", {"said": [1], "sentence": "x"}).status_code == 404


def test_short_words_small_ones_and_addresses_rise_never() -> None:
    text = "de pan en de ketel, about what @reurslag have: https://reurslag.nl/ketels http"
    lately = [(n, f"buur {n}", text, True) for n in range(10)]
    assert [one.word for one in rising(lately, 0.5)] == ["ketel"]


@pytest.mark.django_db
def test_a_wish_of_what_is_gone_is_refused_in_words(marloes: Person) -> None:
    with pytest.raises(Refused) as refused:
        wanting.note_wish_of_many(by=marloes, mentions=[], sentence="A course on heat pumps")
    assert (refused.value.code, refused.value.field) == ("gone", "sentence")


@pytest.mark.django_db
def test_what_is_no_question_goes_by_a_tap_with_what_is_like_it(
    asked: list[Mention], said: Said, marloes: Person, noon: datetime, visit: Callable[[Person], Client]
) -> None:
    browser = visit(marloes)
    (one,) = queries.wanted(marloes).questions
    for _twice in range(2):
        answer = browser.post("/listen/wanted/away/", {"said": one.ids}, follow=True)
    page = answer.content.decode()
    assert "Put away. What is like it does not come back either." in page
    assert "Nothing was asked three times." in page
    for n in range(4):
        said(f"Hoeveel geluid geeft de buitenunit bij {n} graden?", author=f"Piet {n}", created_at=noon.isoformat())
    forget_wanted()
    found = queries.wanted(marloes)
    assert (found.questions, len(found.away)) == ([], 1)
    back = f"/listen/wanted/back/{found.away[0].group}/"
    assert visit(marloes).post(back).status_code == 302
    assert len(queries.wanted(marloes).questions[0].ids) == 7
    assert browser.post(back).status_code == 404
    with pytest.raises(Refused):
        actions.put_away_question(by=marloes, mentions=[])


def test_one_stray_of_what_was_put_away_hides_no_question() -> None:
    away = {1: "a", 2: "a", 3: "a"}
    assert put_away_in([1, 2, 9], away)
    assert not put_away_in([3, 7, 8, 9], away)
    assert not put_away_in([3, 7, 8, 9], {3: "a"})  # nor the one that is left of a group that was erased


@pytest.mark.django_db
def test_what_was_put_away_stays_so_behind_many_others(asked: list[Mention], said: Said, marloes: Person) -> None:
    actions.put_away_question(by=marloes, mentions=asked)
    one = said("Dag allemaal")
    copies = [
        Mention(source=one.source, external_id=f"copy{n}", text="Dag", said_at=one.said_at, stored_at=one.stored_at)
        for n in range(510)
    ]
    Mention.objects.bulk_create(copies)
    for at in range(0, 510, 170):
        actions.put_away_question(by=marloes, mentions=copies[at : at + 170])
    assert queries.wanted(marloes).questions == []
    for n in range(4):
        said(f"Hoeveel geluid geeft de buitenunit bij {n} graden?", author=f"Piet {n}")
    forget_wanted()
    assert queries.wanted(marloes).questions == []


@pytest.mark.django_db
def test_an_old_page_puts_the_rest_away_and_takes_back_its_own_alone(
    asked: list[Mention], said: Said, marloes: Person
) -> None:
    theirs = actions.put_away_question(by=SYSTEM, mentions=[asked[0], said("Is de winkel open?")])
    own = actions.put_away_question(by=marloes, mentions=asked)
    assert [pk for _kind, pk in queries.group_put_away(marloes, own)] == [asked[1].pk, asked[2].pk]
    with pytest.raises(Refused) as refused:
        actions.put_away_question(by=marloes, mentions=asked)
    assert refused.value.code == "put_away"
    actions.question_after_all(by=marloes, group=own)
    assert len(queries.group_put_away(marloes, theirs)) == 2
    assert actions.put_away_question(by=marloes, mentions=asked[:1]) == theirs
