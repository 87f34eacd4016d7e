"""One address, one spelling."""

import pytest

from koor.ground.contacts.logic.handles import NotAHandle, as_it_came, name_of, normalised, page_of, page_typed


@pytest.mark.parametrize(
    ("platform", "typed", "spelled"),
    [
        ("mastodon", "@Els@Mastodon.Social", "els@mastodon.social"),
        ("mastodon", "https://mastodon.social/@Els", "els@mastodon.social"),
        ("mastodon", "https://mastodon.social/users/Els", "els@mastodon.social"),
        ("mastodon", "http://127.0.0.1:4000/@els", "els@127.0.0.1:4000"),
        ("mastodon", "https://mastodon.social/@bob@other.example/1234", "bob@other.example"),
        ("bluesky", "@els.bsky.social", "els.bsky.social"),
        ("bluesky", "https://bsky.app/profile/Els.example/post/3k", "els.example"),
        ("bluesky", "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "did:plc:ewvi7nxzyoun6zhxrhs64oiz"),
        ("linkedin", "https://nl.linkedin.com/in/Els-Wiggers-123/", "els-wiggers-123"),
        ("linkedin", "https://www.linkedin.com/in/zo%C3%AB", "zoë"),
        ("linkedin", "urn:li:person:yrZCpj2Z12", "urn:li:person:yrZCpj2Z12"),
        ("x", "https://twitter.com/Els_W?lang=nl", "els_w"),
        ("x", "@Els_W", "els_w"),
        ("instagram", "instagram.com/els.w/", "els.w"),
        ("youtube", "https://www.youtube.com/channel/UCxxxxxxxxxxxxxxxxxxxxxx", "UCxxxxxxxxxxxxxxxxxxxxxx"),
        ("youtube", "https://www.youtube.com/@Koor", "Koor"),
        ("tiktok", "https://www.tiktok.com/@els.w/video/1", "els.w"),
        ("email", " mailto:Els@Wiggers.Example ", "els@wiggers.example"),
        ("phone", "0545 - 27 12 34", "+31545271234"),
        ("phone", "tel:+31-545-271234", "+31545271234"),
        ("feed", " @Jan  de Vries\u200b ", "jan de vries"),
    ],
)
def test_one_spelling(platform: str, typed: str, spelled: str) -> None:
    assert normalised(platform, typed) == spelled
    assert normalised(platform, spelled) == spelled


def test_a_firm_on_linkedin_has_its_own_page() -> None:
    assert page_typed("linkedin", "linkedin.com/company/bouwmaat/about", "bouwmaat").endswith("/company/bouwmaat")
    assert page_typed("linkedin", "linkedin.com/in/els", "els").endswith("/in/els")


@pytest.mark.parametrize(
    ("platform", "typed"),
    [
        ("mastodon", "els"),
        ("mastodon", "https://["),
        ("mastodon", "https://mastodon.social:99999999/@els"),
        ("x", "a name with spaces"),
        ("x", "https://evil.example/x.com/els"),
        ("x", "https://x.com/"),
        ("email", "els@"),
        ("email", "els"),
        ("email", "x" * 300 + "@example.org"),
        ("phone", "bel me"),
        ("phone", "1"),
        ("feed", "\u200b"),
        ("google_plus", "@"),
        ("instagram", ""),
        ("linkedin", "x" * 600),
    ],
)
def test_what_is_no_address_there(platform: str, typed: str) -> None:
    with pytest.raises(NotAHandle):
        normalised(platform, typed)


def test_pages_and_names() -> None:
    assert page_of("mastodon", "els@mastodon.social") == "https://mastodon.social/@els"
    assert page_of("youtube", "UCxxxxxxxxxxxxxxxxxxxxxx").endswith("/channel/UCxxxxxxxxxxxxxxxxxxxxxx")
    assert page_of("x", "els") == "https://x.com/els"
    assert page_of("email", "els@example.org") == ""
    assert (name_of("bluesky"), name_of("google_plus")) == ("Bluesky", "Google plus")
    assert as_it_came("@Els\x00 Wiggers") == "els wiggers"
