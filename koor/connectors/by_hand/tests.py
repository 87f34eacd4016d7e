"""The limits follow the platform that the person chose."""

import time

import pytest

from koor.connectors.by_hand import limits
from koor.connectors.by_hand.manifest import MANIFEST, PLATFORMS
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Laid, Medium


@pytest.mark.parametrize("platform", [key for key, _name in PLATFORMS])
def test_every_platform_has_limits(platform: str) -> None:
    assert limits.limits_for({"platform": platform}).media > 0


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x", "tiktok", "whatsapp_status"])
def test_where_an_app_takes_no_document_it_says_so(platform: str) -> None:
    draft = Draft("Ons verslag", (Medium(b"%PDF", "application/pdf", "Wat we deden"),))
    found = logic.problem(draft, limits.limits_for({"platform": platform}), 10)
    assert found is not None
    assert found.problem.startswith("A document can't be posted here")
    for takes in ("linkedin", "whatsapp", "other"):
        assert logic.problem(draft, limits.limits_for({"platform": takes}), 10) is None


def test_an_unknown_platform_sets_no_limit() -> None:
    assert limits.limits_for({}) == limits.limits_for({"platform": "hyves"}) == MANIFEST.limits


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Hallo", 5),
        ("https://reurslag.example/een/heel/lang/adres", 23),
        ("漢字", 4),
        ("👨‍👩‍👧", 2),
        ("🇳🇱🔥", 4),
        ("“Aanhaling” – café…", 20),
        ("cafe\u0301", 4),
    ],
)
def test_x_counts_by_weight(text: str, counts: int) -> None:
    assert limits.length(Draft(text), limits.limits_for({"platform": "x"})) == counts


def test_the_link_counts_along() -> None:
    assert limits.length(Draft("Lees", link="https://koor.example/a"), limits.limits_for({"platform": "x"})) == 6 + 23
    assert limits.length(Draft("Lees", link=""), limits.limits_for({"platform": "linkedin"})) == 4


class TestLaidReady:
    def laid(self, platform: str, text: str, link: str = "", **options: str) -> Laid:
        return limits.laid_out(Draft(text, link=link, options=options), {"platform": platform})

    def test_hashtags_go_where_they_do_well(self) -> None:
        text = "Het #dak is dicht.\n\n#zink #goot\n#werk"
        assert self.laid("linkedin", text).text == "Het #dak is dicht.\n\n#zink #goot #werk"
        assert self.laid("whatsapp_status", text).text == "Het #dak is dicht."
        apart = self.laid("instagram", text, tags="comment")
        assert (apart.text, apart.comment) == ("Het #dak is dicht.", "#zink #goot #werk")
        assert self.laid("linkedin", text, tags="none").whole == "Het #dak is dicht."

    def test_the_app_takes_no_more(self) -> None:
        found = self.laid("instagram", "Klaar.\n\n" + " ".join(f"#tag{n}" for n in range(9)))
        assert found.text.count("#") == 5
        assert found.said[0][1] == {"most": 5}

    def test_advice_only_where_it_matters(self) -> None:
        assert self.laid("linkedin", "Kort.\n\n#een #twee #drie").said == ()
        assert len(self.laid("linkedin", "x" * 141).said) == 1
        assert self.laid("hyves", "x" * 500 + " #een #twee #drie #vier #vijf #zes").said == ()

    def test_a_text_of_hashtags_alone_and_one_without(self) -> None:
        assert self.laid("linkedin", "#een #twee").text == "#een #twee"
        assert self.laid("linkedin", "Dag.\n").text == "Dag.\n"
        assert self.laid("x", "Kijk https://a.example/#top", "https://a.example/#top").link == ""

    @pytest.mark.parametrize("text", ["#" * 20_000, "#a " * 6_000, "\n" * 20_000, "#a\n" * 6_000])
    def test_no_text_makes_it_slow(self, text: str) -> None:
        began = time.process_time()
        self.laid("instagram", text)
        assert time.process_time() - began < 0.5

    def test_what_goes_elsewhere_does_not_count(self) -> None:
        of = limits.limits_for({"platform": "x"})
        assert limits.length(Draft("Dag\n\n#een #twee", options={"tags": "comment"}), of) == 3
        assert limits.length(Draft("Dag\n\n#een #twee"), of) == 15
