"""An address of a person on a platform, spelled one way, so that the same one is found again.

`@Els@Mastodon.Social`, `els@mastodon.social` and `https://mastodon.social/@Els` are one handle."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import phonenumbers

LONGEST = 200


class NotAHandle(ValueError):
    """What was typed is no address on that platform."""


@dataclass(frozen=True)
class Platform:
    """How a platform spells people. `hosts` are its own sites; `address` gives the page of a handle."""

    key: str
    name: str
    hosts: tuple[str, ...] = ()
    pattern: str = r"[^\s/?#@]{1,100}"
    address: str = ""
    before: tuple[str, ...] = ()  # path pieces that come before the name, such as `in` in linkedin.com/in/els
    folded: bool = True


_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}(?::\d{1,5})?"
_SERVER = r"(?=.*[.:])[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?(?::\d{1,5})?"  # also one in the own network
PLATFORMS = {
    platform.key: platform
    for platform in (
        Platform(
            "linkedin",
            "LinkedIn",
            ("linkedin.com",),
            r"[^\s/?#@]{2,100}",
            "https://www.linkedin.com/in/{}",
            ("in", "company"),
        ),
        Platform("mastodon", "Mastodon", (), rf"[a-z0-9_][a-z0-9_.-]{{0,99}}@{_SERVER}"),
        Platform(
            "bluesky",
            "Bluesky",
            ("bsky.app",),
            rf"{_DOMAIN}|did:[a-z]+:[a-zA-Z0-9._:%-]+",
            "https://bsky.app/profile/{}",
            ("profile",),
        ),
        Platform("instagram", "Instagram", ("instagram.com",), r"[a-z0-9_.]{1,30}", "https://www.instagram.com/{}/"),
        Platform(
            "facebook", "Facebook", ("facebook.com", "fb.com"), r"[^\s/?#@]{1,100}", "https://www.facebook.com/{}"
        ),
        Platform(
            "threads", "Threads", ("threads.net", "threads.com"), r"[a-z0-9_.]{1,30}", "https://www.threads.com/@{}"
        ),
        Platform("x", "X", ("x.com", "twitter.com"), r"[a-z0-9_]{1,15}", "https://x.com/{}"),
        Platform(
            "youtube",
            "YouTube",
            ("youtube.com",),
            r"[^\s/?#@]{1,100}",
            "https://www.youtube.com/@{}",
            ("channel", "c", "user"),
            folded=False,
        ),
        Platform("tiktok", "TikTok", ("tiktok.com",), r"[a-z0-9_.]{1,24}", "https://www.tiktok.com/@{}"),
    )
}
EMAIL = re.compile(rf"[^\s@<>()\[\],;:\"]{{1,64}}@{_DOMAIN}")


def normalised(platform: str, value: str, country: str = "NL") -> str:
    """The one spelling of a handle. Raises NotAHandle."""
    value = "".join(c for c in value if c.isprintable()).strip()
    if not value or len(value) > 500:
        raise NotAHandle
    try:
        return _spelled(platform, value, country)
    except NotAHandle:
        raise
    except ValueError as error:  # an address that no parser can read, such as `https://[`
        raise NotAHandle from error


def as_it_came(value: str) -> str:
    """For what a platform itself sent and we can't read: kept all the same, so that the person is found again."""
    return " ".join("".join(c for c in value if c.isprintable()).split()).removeprefix("@").casefold()[:LONGEST]


def _spelled(platform: str, value: str, country: str) -> str:
    if platform == "email":
        return _email(value)
    if platform == "phone":
        return _phone(value, country)
    known = PLATFORMS.get(platform)
    if known is None:
        return _other(value)
    spelled = _from_address(known, value) if "/" in value and not value.startswith("did:") else value.removeprefix("@")
    if known.folded and not spelled.startswith(("did:", "urn:")):
        spelled = spelled.lower()
    if not re.fullmatch(known.pattern, spelled) or len(spelled) > LONGEST:
        raise NotAHandle
    return spelled


def page_of(platform: str, value: str) -> str:
    """The public page of a normalised handle, when the platform has one that follows from it."""
    if platform == "mastodon":
        name, _at, server = value.partition("@")
        return f"https://{server}/@{name}"
    if platform == "youtube" and re.fullmatch(r"UC[\w-]{22}", value):
        return f"https://www.youtube.com/channel/{value}"
    known = PLATFORMS.get(platform)
    return known.address.format(value) if known else ""


def page_typed(platform: str, typed: str, value: str) -> str:
    """The page of a handle that somebody typed: on LinkedIn firms stand elsewhere than people."""
    if platform == "linkedin" and re.search(r"linkedin\.com/company/", typed, re.IGNORECASE):
        return f"https://www.linkedin.com/company/{value}"
    return page_of(platform, value)


def name_of(platform: str) -> str:
    """The name by which people know a platform; not for email and phone, which have words of their own."""
    known = PLATFORMS.get(platform)
    return known.name if known else platform.replace("_", " ").capitalize()


def _email(value: str) -> str:
    value = value.removeprefix("mailto:").lower()
    if not EMAIL.fullmatch(value) or len(value) > LONGEST:
        raise NotAHandle
    return value


def _phone(value: str, country: str) -> str:
    try:
        number = phonenumbers.parse(value.removeprefix("tel:"), country)
    except phonenumbers.NumberParseException as error:
        raise NotAHandle from error
    if not phonenumbers.is_possible_number(number):
        raise NotAHandle
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _other(value: str) -> str:
    """A platform that we know nothing of: as it is written, but for case and a leading @."""
    spelled = as_it_came(value)
    if not spelled:
        raise NotAHandle
    return spelled


def _from_address(platform: Platform, value: str) -> str:
    """The handle in the address of a page of this platform."""
    parts = urlsplit(value if "://" in value else f"https://{value}")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if platform.hosts and not any(host == own or host.endswith(f".{own}") for own in platform.hosts):
        raise NotAHandle
    pieces = [unquote(piece) for piece in parts.path.split("/") if piece]
    while len(pieces) > 1 and pieces[0] in platform.before:
        pieces.pop(0)
    if not pieces:
        raise NotAHandle
    name = pieces[0].removeprefix("@")
    if platform.key != "mastodon":
        return name
    if pieces[0] == "users" and len(pieces) > 1:
        name = pieces[1]
    port = f":{parts.port}" if parts.port else ""
    return name if "@" in name else f"{name}@{host}{port}"
