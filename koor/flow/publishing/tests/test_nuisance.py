"""No nuisance: the fifth of a day for the same people, and the same words over all colleagues."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from koor.flow.publishing.actions import record_past_post
from koor.flow.publishing.logic import nuisance
from koor.flow.publishing.logic.nuisance import Said
from koor.flow.publishing.queries import advice
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM

DAY = date(2026, 11, 24)
TEXTS = [
    "Vandaag de eerste warmtepomp van het jaar geplaatst bij de familie Bos.",
    "Vier klaslokalen op De Esch hebben sinds vrijdag frisse lucht.",
    "Mijn eerste meterkast zonder hulp. Alles op kleur, alles gelabeld.",
]


MASTODON = (nuisance.PLATFORM, "mastodon")


def said(post: int, audience: nuisance.Audience = MASTODON, day: date = DAY, text: str = "", by: int = 1) -> Said:
    return Said(post, by, frozenset({audience}), day, text)


def test_the_fifth_post_of_a_day_is_warned_of_over_all_colleagues() -> None:
    four = [said(n, by=n) for n in range(4)]
    assert nuisance.too_often(DAY, [MASTODON], four) == {MASTODON: four}
    assert nuisance.too_often(DAY, [MASTODON], four[:3]) == {}
    assert nuisance.too_often(date(2026, 11, 25), [MASTODON], four) == {}
    assert nuisance.too_often(DAY, [(nuisance.PLATFORM, "linkedin")], four) == {}


def test_one_post_on_several_accounts_of_a_platform_counts_once() -> None:
    assert nuisance.too_often(DAY, [MASTODON], [said(1) for _account in range(9)]) == {}


def test_who_hears_an_account() -> None:
    of = nuisance.audiences_of
    assert of("by_hand", {"platform": "linkedin"}) == {(nuisance.PLATFORM, "linkedin")}
    assert of("mastodon", {}, purpose="news") == {MASTODON, (nuisance.PURPOSE, "news")}
    assert of("mastodon", {}, purpose="work", personal=True) == {MASTODON}
    named = of("mastodon", {}, named=["Klanten in de Achterhoek"], purpose="news")
    assert named == {MASTODON, (nuisance.PEOPLE, "klanten in de achterhoek")}


def test_no_pair_above_the_threshold_goes_unseen() -> None:
    """Each text with a small change is found beside the others; none is taken for another."""
    others = list(zip(TEXTS, range(len(TEXTS)), strict=True))
    for n, text in enumerate(TEXTS):
        changes = (
            text,
            text.upper(),
            f"{text} #werk",
            text.replace(".", "!"),
            f"  {text}\n",
            text.replace("de", "het"),
        )
        for changed in changes:
            assert nuisance.same_words([changed], others) == [n], changed
    assert nuisance.same_words(["Kom zaterdag kijken in onze werkplaats, de koffie staat klaar."], others) == []
    assert nuisance.same_words(["", "  "], others) == []


def test_what_colleagues_said_stands_beside_a_draft(
    noon: datetime, news: Account, bram: Person, henk: Person, marloes: Person
) -> None:
    for n, by in enumerate((bram, henk, marloes, bram)):
        record_past_post(by=SYSTEM, maker=by, account=news, text=f"{n} {TEXTS[n % 3]}", published_at=noon, title="T")
    found = [check.words for check in advice._nuisance(henk.pk, [TEXTS[0]], [news], noon, ())]
    assert found == ["Newsroom:", "Said already:"]
    tomorrow = noon + timedelta(days=1)
    assert list(advice._nuisance(henk.pk, ["Something else altogether"], [news], tomorrow, ())) == []
    assert list(advice._nuisance(henk.pk, [TEXTS[0]], [], noon, ())) == []


def test_the_same_people_over_several_platforms(
    noon: datetime, account: Callable[..., Account], news: Account, bram: Person, henk: Person
) -> None:
    """Five posts in a day for the customers in the Achterhoek, on three platforms, by two colleagues."""
    people = ["Klanten in de Achterhoek"]
    letters, linkedin, jobs = (
        account("Brief", "newsroom", audience=["klanten in de  achterhoek", "Pers"]),
        account("LinkedIn", "by_hand", settings={"platform": "linkedin"}, audience=people),
        account("Banen", "by_hand", settings={"platform": "linkedin"}, audience=["Werkzoekenden"]),
    )
    for n, (by, place) in enumerate(((bram, letters), (henk, letters), (henk, linkedin), (bram, linkedin))):
        text = f"{TEXTS[n % 3]} {n}"
        record_past_post(by=SYSTEM, maker=by, account=place, text=text, published_at=noon, title="T")
    (warned,) = advice._too_often([linkedin], noon.date(), [])
    assert (warned.kind, warned.words) == ("mind", "Klanten in de Achterhoek:")
    assert "5" in warned.because
    assert "Brief (2), LinkedIn (2)" in warned.because
    assert list(advice._too_often([jobs], noon.date(), [])) == []
    assert list(advice._too_often([news], noon.date(), [])) == []
