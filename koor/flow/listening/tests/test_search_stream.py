"""The search box of the stream understands the language of saved queries."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.listening import actions, queries
from koor.flow.listening.logic.match import meets
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import read_query
from koor.flow.listening.models import Source
from koor.ground.people.models import Person

POSTS = (
    {"text": "De warmtepomp is kapot #storing", "author": "Els de Vries", "lang": "nl-BE", "media": ["image"]},
    {"text": "Kapot is mijn oude pomp, koude douche", "author": "Bob", "lang": "de"},
    {"text": "Trein vol storing 👍 日本", "author": "Wim", "lang": "en"},
    {"text": "Dag @els@social.nl: zie https://www.reurslag.nl/nieuws/dak", "author": "Jan", "lang": "fr"},
)


MANY = " OR ".join("abcdefghijklmnopqrstuvwxyz")
BESIDE = (
    {"text": "hoi #Café", "author": "Éls-Marie Vries", "handle": "els@social.nl", "lang": "nl_BE"},
    {"text": "dag", "author": "Bob", "handle": "bob_els", "lang": "nds"},
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("source:mastodon", {"p1", "p2"}),
        ("source:reviews", {"p1", "p2"}),
        ("#cafe", {"p1"}),
        ("dag NOT source:mastodon", set()),
        ("dag NOT source:bluesky", {"p2"}),
        ("lang:nl", {"p1"}),
        ("lang:nl-be", {"p1"}),
        ("author:els-marie", {"p1"}),
        ("author:Éls", {"p1", "p2"}),
        ('author:"marie vries"', {"p1"}),
        ("author:@els@social.nl", {"p1"}),
        ("hoi NOT author:bob", {"p1"}),
    ],
)
def test_what_stands_beside(
    words: str, expected: set[str], bring_in: Callable[..., actions.Tally], marloes: Person
) -> None:
    bring_in(*BESIDE)
    Source.objects.update(settings={"platform": "mastodon"})
    shown = queries.stream(marloes, queries.Filters(words=words)).rows
    assert {one.mention.external_id for one in shown} == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("storing OR douche", {"p1", "p2", "p3"}),
        ("#storing", {"p1"}),
        ("storing NOT trein", {"p1"}),
        ('"koude douche"', {"p2"}),
        ('"douche koude"', set()),
        ("warmte*", {"p1"}),
        ("warmte", {"p1"}),  # plain words find what begins so
        ("NOT_ warmte", set()),
        ("kapot NEAR/2 warmtepomp", {"p1"}),
        ("pomp NEAR/4 kapot", {"p2"}),
        ("pomp NEAR/2 kapot", set()),
        ("(pomp OR warmtepomp) NEAR/2 (kapot OR trein)", {"p1"}),
        ('(storing OR "koude douche") NEAR/2 (trein OR 👍 OR mijn)', {"p3"}),
        ('(storing OR "koude douche") NEAR/3 (trein OR 👍 OR mijn)', {"p2", "p3"}),
        ("kapot NEAR/1 kapot", {"p1", "p2"}),  # one word stands near itself
        (f"(kapot OR {MANY}) NEAR/20 (pomp OR trein)", {"p2"}),
        (f"(kap* OR {MANY}) NEAR/4 (douche OR warmte* OR {MANY})", {"p1"}),
        (f"douche NOT ((kapot OR {MANY}) NEAR/4 (koude OR {MANY}))", {"p2"}),
        (f'(kapot OR {MANY}) NEAR/4 ("koude douche" OR {MANY})', set()),
        (f'(kapot OR {MANY}) NEAR/5 ("koude douche" OR {MANY})', {"p2"}),
        ('trein NOT ("vol storing" NEAR/2 👍)', set()),
        ('trein NOT ("vol storing" NEAR/2 本)', {"p3"}),
        ("日 NEAR/1 本", {"p3"}),
        ('"storing 👍 日本"', {"p3"}),
        ('"storing 日"', set()),  # an emoji is a word between them
        ("storing 👍", {"p3"}),
        ("author:els", {"p1"}),
        ("lang:nl", {"p1"}),
        ("has:media OR lang:en", {"p1", "p3"}),
        ("source:elders", set()),
        ("source:reviews NOT has:photo", {"p2", "p3", "p4"}),
        ("(👍 OR 日本) storing*", {"p3"}),
        ("(kapot", {"p1", "p2"}),  # half typed
        ("NOT trein", set()),
        ("storing NOT (trein", set()),
        ("storing -trein", set()),  # not the opposite of what was asked
        ("douche -#storing", set()),
        ("storing -👍", set()),
        ("-(storing", set()),
        ("storing -'t vol", set()),
        ("storing -> trein", {"p3"}),  # leaves nothing out
        ("???", set()),
        ("a." * 98 + "#x", set()),  # answers: an address is looked for in one go
        ("👍", {"p3"}),
        ("@els@social.nl", {"p4"}),
        ("els@social.nl", {"p4"}),
        ("social.nl NOT els@social.nl", set()),
        ("reurslag.nl", {"p4"}),
        ("https://www.reurslag.nl/nieuws/", {"p4"}),
    ],
)
def test_what_it_finds(words: str, expected: set[str], bring_in: Callable[..., actions.Tally], marloes: Person) -> None:
    bring_in(*POSTS)
    shown = queries.stream(marloes, queries.Filters(words=words)).rows
    assert {one.mention.external_id for one in shown} == expected


TYPED = (
    {"text": "Hij zei “kapot”… en «stuk»–nu"},
    {"text": "Weer storing👍🏽 van 👨‍👩‍👧 in 東京都。日本 #stormen #storm2 ＃café"},
    {"text": "Straße, हिन्दी en d’r wa\u00adrmte #storm"},
    {"text": "Het is -5 graden, bel 06-12345 of +31 6; 3.5 bar"},
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kapot", {"p1"}),
        ('("kapot en stuk")', {"p1"}),
        ("(stuk NEAR/1 nu)", {"p1"}),
        ("(storing)", {"p2"}),
        ("👍", {"p2"}),
        ("(👍🏿)", {"p2"}),
        ("(👨‍👩‍👧)", {"p2"}),
        ("👨‍👩‍👧", {"p2"}),
        ("東京", {"p2"}),
        ('("京都 日")', {"p2"}),
        ("(都 NEAR/1 東)", set()),
        ("#storm", {"p3"}),
        ("(#weer NEAR/3 van)", set()),
        ('"weer stor"', set()),
        ('"hij ze"', set()),
        ("#storm*", {"p2", "p3"}),
        ("#cafe", {"p2"}),
        ("(strasse)", {"p3"}),
        ("straße", {"p3"}),
        ("हिन्दी", {"p3"}),
        ('(warmte) "d r"', {"p3"}),
        ("5 graden", {"p4"}),
        ('("is 5 gra*")', {"p4"}),
        ("(5 NEAR/1 graden)", {"p4"}),
        ("06-12345", {"p4"}),
        ("(06-12345) 31", {"p4"}),
        ("(3.5) -> 3.5", {"p4"}),
        ("graden -5", set()),  # said with the sentence for numbers
    ],
)
def test_words_as_people_and_phones_write_them(
    words: str, expected: set[str], bring_in: Callable[..., actions.Tally], marloes: Person
) -> None:
    bring_in(*TYPED)
    shown = queries.stream(marloes, queries.Filters(words=words)).rows
    assert {one.mention.external_id for one in shown} == expected


NAMED = (
    {"text": "weer #straße en @Großmann, #οδος", "author": "Jürgen Großmann", "handle": "grossmann@x.example"},
    {"text": "#日本語 en #STORM👍 of #stormloop", "author": "田中 太郎", "handle": "tanaka"},
    {"text": "日#日本 ＃日本 # storm a#storm “#storm”", "author": "Anne‑Marie O’Neill", "handle": "am_oneill"},
    {"text": "é#storm #ﬁets &#39;x #storm本", "author": "Els_Vries", "handle": "els.vries@x.example"},
    {"text": "👍#storm, @日本.", "author": "ΝΙΚΟΣ", "handle": ""},
)
ASKED = (
    *(
        "#straße",
        "#strasse",
        "@großmann",
        "@GROSSMANN",
        "#οδοσ",
        "#οδος",
        "#日本",
        "#日本*",
        "#日本語",
        "@日本",
        "#storm",
    ),
    *(
        "#storm*",
        "#fiets",
        "#39",
        "#storm本",
        "author:großmann",
        "author:grossmann",
        'author:"田中 太郎"',
        "author:田中太",
    ),
    *('author:"marie o\'neill"', "author:anne-marie", "author:νικος", "author:els_vries", 'author:"els vries"'),
    *("source:straße", "source:strasse", 'source:"de strasse"'),
)


def test_the_box_finds_tags_and_names_as_a_saved_query_does(
    bring_in: Callable[..., actions.Tally], marloes: Person
) -> None:
    bring_in(*NAMED)
    Source.objects.update(name="De Straße")
    for asked in ASKED:
        shown = queries.stream(marloes, queries.Filters(words=asked)).rows
        met = {
            f"p{number}"
            for number, one in enumerate(NAMED, 1)
            if meets(read_query(asked), Post(one["text"], one["author"], one["handle"], source="De Straße"))
        }
        assert {one.mention.external_id for one in shown} == met, asked


def test_many_words_far_apart(bring_in: Callable[..., actions.Tally], marloes: Person) -> None:
    apart = (" ".join(f"{word}{n}" for n in range(number)) for word, number in (("en", 60), ("of", 40)))
    bring_in(*({"text": f"kapot {between} pomp"} for between in apart), {"text": "kapot"})
    for words, expected in (
        ("kapot NEAR/50 pomp", {"p2"}),
        ("kapot NEAR/99 pomp", {"p1", "p2"}),
        ("kapot NOT (pomp NEAR/50 kapot)", {"p1", "p3"}),
        (f"(kapot OR {MANY}) NEAR/20 pomp", set()),
        (f"kapot NOT ((kapot OR {MANY}) NEAR/20 pomp)", {"p1", "p2", "p3"}),
    ):
        shown = queries.stream(marloes, queries.Filters(words=words)).rows
        assert {one.mention.external_id for one in shown} == expected, words


def test_what_the_box_can_not_read_is_said(
    bring_in: Callable[..., actions.Tally], marloes: Person, visit: Callable[[Person], Client]
) -> None:
    bring_in(*POSTS)
    page = visit(marloes).get("/listen/", {"q": "(kapot"}).content.decode()
    assert "Position 1: " in page
    assert "Below stands what holds these words." in page
    page = visit(marloes).get("/listen/", {"q": "NOT trein"}).content.decode()
    assert "This only leaves words out." in page
    assert "Nothing here fits that." in page
    page = visit(marloes).get("/listen/", {"q": "storing -👍"}).content.decode()
    assert "To leave a word out, write NOT before it. If you mean the word itself, take the sign away." in page
    assert 'class="pointer"' not in visit(marloes).get("/listen/", {"q": "kapot"}).content.decode()


def test_a_minus_in_the_search_of_the_house_leaves_nothing_out(
    bring_in: Callable[..., actions.Tally], marloes: Person, visit: Callable[[Person], Client]
) -> None:
    bring_in({"text": "Mevrouw Jansen-Bakker: de pomp is koud, -5"}, {"text": "Jansen zei niets"})
    browser = visit(marloes)
    for words in ("Jansen -Bakker", "jansen-bakker", "pomp -jansen", "!pomp", "koud -5"):
        page = browser.get("/search/", {"q": words}).content.decode()
        assert "de pomp is koud" in page, words
        assert "zei niets" not in page, words
    for words in (
        '"Jansen zei" -niets',
        '"Jansen zei" "Bakker -niets" OR niets',
        "jansen NOT bakker -zei",
        '"jansen -zei"',
    ):
        page = browser.get("/search/", {"q": words}).content.decode()
        assert "zei niets" in page, words
        assert "de pomp is koud" not in page, words


def test_a_handle_is_found_with_and_without_its_sign(bring_in: Callable[..., actions.Tally], marloes: Person) -> None:
    bring_in({"text": "hoi", "handle": "@els@social.nl"}, {"text": "dag", "handle": "bob"})
    for typed, expected in (("els@social.nl", "hoi"), ("@els@social.nl", "hoi"), ("@bob", "dag"), ("bob", "dag")):
        filters = queries.with_who(marloes, queries.Filters(who=typed))
        assert [one.mention.text for one in queries.stream(marloes, filters).rows] == [expected]
