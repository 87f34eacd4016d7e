"""No nuisance: the fifth of a day for the same people, and the same words over all colleagues."""

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


def said(post: int, audience: str = "mastodon", day: date = DAY, text: str = "", by: int = 1) -> Said:
    return Said(post, by, audience, day, text)


def test_the_fifth_post_of_a_day_is_warned_of_over_all_colleagues() -> None:
    four = [said(n, by=n) for n in range(4)]
    assert nuisance.too_often(DAY, ["mastodon"], four) == {"mastodon": 5}
    assert nuisance.too_often(DAY, ["mastodon"], four[:3]) == {}
    assert nuisance.too_often(date(2026, 11, 25), ["mastodon"], four) == {}
    assert nuisance.too_often(DAY, ["linkedin"], four) == {}


def test_one_post_on_several_accounts_of_a_platform_counts_once() -> None:
    assert nuisance.too_often(DAY, ["mastodon"], [said(1) for _account in range(9)]) == {}


def test_by_hand_stands_for_its_platform() -> None:
    assert nuisance.audience_of("by_hand", {"platform": "linkedin"}) == "linkedin"
    assert nuisance.audience_of("mastodon", {}) == "mastodon"


def test_no_pair_above_the_threshold_goes_unseen() -> None:
    """Each text with a small change is found beside the others; none is taken for another."""
    others = [said(n, text=text) for n, text in enumerate(TEXTS)]
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
            found = nuisance.same_words([changed], others)
            assert found is not None, changed
            assert found.post == n
    assert nuisance.same_words(["Kom zaterdag kijken in onze werkplaats, de koffie staat klaar."], others) is None
    assert nuisance.same_words(["", "  "], others) is None


def test_what_colleagues_said_stands_beside_a_draft(
    noon: datetime, news: Account, bram: Person, henk: Person, marloes: Person
) -> None:
    for n, by in enumerate((bram, henk, marloes, bram)):
        record_past_post(by=SYSTEM, maker=by, account=news, text=f"{n} {TEXTS[n % 3]}", published_at=noon, title="T")
    found = [check.words for check in advice._nuisance([TEXTS[0]], [news], noon, None, None)]
    assert found == ["Newsroom:", "Somebody said this already:"]
    assert list(advice._nuisance(["Something else altogether"], [news], noon + timedelta(days=1), None, None)) == []
    assert list(advice._nuisance([TEXTS[0]], [], noon, None, None)) == []
