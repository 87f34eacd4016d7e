"""Decisions of the hub without a database: what may be offered, whose project it is, how tags are written."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from koor.flow.hub.choices import Agrees, Rights, Use, Where
from koor.kernel.search import fold


def _(text: str) -> str:
    """Marks a sentence for translation; the caller translates it when it is shown."""
    return text


# Ready words of the curator to who showed something: why it is kept, and kindly why not
KIND_TO_KEEP = (
    _("One sees at once what it is about."),
    _("This is what customers ask about."),
    _("I see you at work here, that is what people like to see."),
    _("We use this soon."),
)
KIND_TO_SHELVE = (
    _("We have a few that look like this. Keep them coming."),
    _("It is a little dark. With a lamp or by the window it works."),
    _("Somebody who is new to it can't see yet what it is about. One sentence with it would help."),
    _("Not everybody in it is known to us. Ask them, and we look again."),
    _("Something of the customer can be seen in it. From the other side it could do."),
    _("This fits better in another season. We keep it until then."),
)
MAX_PHOTOS = 10
MAX_PORTRAYED = 12
MAX_TAGS = 12
TAG_CHARACTERS = 40
TOLD_FOR, TOLD_AT = (Use.SHOW,), (Where.HOUSE, Where.SOCIAL)  # what a yes said aloud is taken to mean
SIGN_WITHIN = timedelta(days=14)  # a QR code can be signed for so long
UNDO_DAYS = 7  # a capture that was withdrawn can come back for so long
ALIKE_BITS = 6  # two fingerprints of 64 bits that differ in so few show the same picture
BLANK = (0, -1)  # fingerprints of pictures in which there is nothing to see
LONGEST_REST = 3650  # days
LONGEST_WAIT = timedelta(days=60)  # on a phone; a photo that says it waited longer comes from a clock that is off
OLDEST_TAKEN = timedelta(days=366)  # before it came in; a clock that says longer ago is not believed
SAME_VISIT = timedelta(hours=3)  # so soon after the last photo nothing else is guessed
HABIT, AROUND, TIMES = (
    timedelta(weeks=8),
    90,
    2,
)  # how far back, minutes around a time of day, on how many days at least
SAME_WORK = timedelta(days=14)  # the last project is guessed again for so long


class Photo(NamedTuple):
    """A file as it comes in: its name (for people only) and what `kernel.files.store` takes."""

    name: str
    content: Any


@dataclass(frozen=True)
class InPicture:
    """Somebody in the picture, as the maker says it."""

    name: str
    agrees: str = Agrees.ASK
    person: Any = None  # a colleague
    contact: Any = None


@dataclass(frozen=True)
class Said:
    """What somebody in a picture said. Empty `uses` or `places` allow none; `ends_on` is the last day. `hidden`: nobody
    can recognise them."""

    name: str
    agrees: str = Agrees.ASK
    uses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    ends_on: date | None = None
    colleague: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Block:
    """Why something is not offered for publishing: "no", "ask", "colleague", "ended", "use", "place" (who said it in
    `name`), "shelved", "withdrawn", "empty", "faces" (the house saw more than are named, and nobody looked),
    "untold" (who is in it), "example" (a finished post), or of `rights_block`."""

    code: str
    name: str = ""

    @property
    def of_consent(self) -> bool:
        return self.code in ("no", "ask", "colleague", "ended", "use", "place")


def blocks(
    portrayed: Iterable[Said],
    *,
    today: date,
    use: str = "",
    place: str = "",
    shelved: bool = False,
    withdrawn: bool = False,
    empty: bool = False,
    rights: str = "",
    unlooked: int = 0,
    untold: bool = False,
    example: bool = False,
) -> list[Block]:
    """All reasons not to publish; none when it may be offered. Without `use` and `place`: anywhere, for anything.
    `unlooked`: faces that the house proposed and nobody looked at; as many people who are named explain them."""
    portrayed = list(portrayed)
    found = [Block("withdrawn")] if withdrawn else []
    found += [Block("shelved")] if shelved else []
    found += [Block("empty")] if empty else []
    found += [Block(rights)] if rights else []
    found += [Block("faces")] if unlooked > len(portrayed) else []
    found += [Block("untold")] if untold else []
    found += [Block("example")] if example else []
    found += [Block(code, one.name) for one in portrayed if (code := hindrance(one, today, use, place))]
    return found


def hindrance(said: Said, today: date, use: str = "", place: str = "") -> str:
    """What keeps a picture with this person from being shown; empty when nothing does. A colleague's *no* looks the
    same as no answer: refusing is seen by nobody."""
    if said.hidden:
        return ""
    if said.agrees != Agrees.YES:
        return "colleague" if said.colleague else str(said.agrees)
    if said.ends_on is not None and said.ends_on < today:
        return "ended"
    if use and use not in said.uses:
        return "use"
    return "place" if place and place not in said.places else ""


def rights_block(kind: str, until: date | None, today: date, shows: bool) -> str:
    """What keeps something from being published that is not ours: "expired" (the right has ended), "foreign" (pictures
    that we may only link to); empty when nothing does. `shows`: it has pictures, film or sound."""
    if until is not None and until < today:
        return "expired"
    return "foreign" if kind == Rights.LINK and shows else ""


def guess_project(
    last: tuple[int | None, datetime] | None, running: Sequence[int], now: datetime, usual: int | None = None
) -> tuple[int | None, str]:
    """The project of the next photo and how we know: "last" (the previous photo), "habit" (what they choose at this
    weekday and time), "mine" (their only running project) or "". `last`: project and moment of the previous photo;
    `running`: their running projects; `usual`: of their habit."""
    since = now - last[1] if last and last[0] is not None else None
    if usual is not None and (since is None or since > SAME_VISIT):
        return usual, "habit"
    if last and since is not None and since <= SAME_WORK:
        return last[0], "last"
    if len(running) == 1:
        return running[0], "mine"
    return None, ""


def usual_project(earlier: Iterable[tuple[int | None, datetime]], now: datetime) -> int | None:
    """The project that somebody chose most of the times at this weekday and time of day, on two days or more before
    today; no project is a choice too. All moments by one zone's wall clock."""
    days: dict[int | None, set[date]] = {}
    for project, moment in earlier:
        apart = abs(moment.hour * 60 + moment.minute - now.hour * 60 - now.minute)
        if (
            moment.weekday() == now.weekday()
            and apart <= AROUND
            and now - HABIT <= moment
            and moment.date() < now.date()
        ):
            days.setdefault(project, set()).add(moment.date())
    best = max(days, key=lambda one: len(days[one]), default=None)
    often = len(days.get(best, ()))
    return best if often >= TIMES and often * 2 > sum(map(len, days.values())) else None


def taken_moment(taken: str, phone_now: str, now: datetime) -> datetime | None:
    """When a photo was taken, by the house's clock: as long ago as the phone's own clock says between taking and
    sending (milliseconds of one clock, so it may be years off). None when that can't be."""
    if not all(said.isascii() and said.isdigit() and len(said) < 16 for said in (taken, phone_now)):
        return None
    waited = timedelta(milliseconds=int(phone_now) - int(taken))
    return now - waited if timedelta() <= waited <= LONGEST_WAIT else None


def credible(taken: datetime | None, came_in: datetime) -> datetime | None:
    """When it was taken, as told; None when that is unknown, after it came in, or longer than a year before."""
    return taken if taken is not None and timedelta() <= came_in - taken <= OLDEST_TAKEN else None


def tags_of(text: str) -> list[str]:
    """Tags as one types them ("#Warmtepomp, zolder"): lower case, once each, at most MAX_TAGS."""
    parts = re.split(r"[,;#\n]+", text[:2000])
    cleaned = (" ".join(part.split())[:TAG_CHARACTERS].strip().lower() for part in parts)
    return list(dict.fromkeys(tag for tag in cleaned if tag))[:MAX_TAGS]


def who_is(name: str, known: Iterable[tuple[str, Any]]) -> Any:
    """The one whose name this is, accents and case aside; None when nobody or more than one is called so."""
    wanted = fold(" ".join(name.split()))
    found = [who for other, who in known if fold(other) == wanted]
    return found[0] if len(found) == 1 else None


def signed(fingerprint: str) -> int:
    """64 bits in hexadecimal as the database's signed integer."""
    number = int(fingerprint, 16)
    return number - (1 << 64) if number >= 1 << 63 else number


def bytes_of(fingerprint: int) -> list[int]:
    """Its eight bytes, each with its place: as the database's koor_bytes."""
    return [place * 256 + ((fingerprint >> 8 * place) & 255) for place in range(8)]


def rested_on(used: date | None, rest: int) -> date | None:
    """From which day something evergreen may be used again; None when it was not used."""
    return used + timedelta(days=rest) if used is not None else None


def title_of(sentence: str) -> str:
    """The first line of a sentence, cut between words at 120 characters."""
    line = sentence.strip().split("\n", 1)[0].strip()
    return line if len(line) <= 120 else line[:119].rsplit(" ", 1)[0] + "…"


def with_token(address: str, token: str) -> str:
    """An address of its own in the same mailbox: photos@us.example becomes photos+token@us.example."""
    box, _at, domain = address.rpartition("@")
    return f"{box}+{token}@{domain}"


def fresh_token(size: int = 20) -> str:
    """A secret for an address of mail: servers fold its case."""
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def tokens_in(addresses: Iterable[str], own: str) -> list[str]:
    """What stands behind the plus of those that lead to our mailbox."""
    box, _at, domain = own.lower().rpartition("@")
    found = []
    for one in addresses:
        name, _at, where = one.lower().rpartition("@")
        plain, plus, token = name.partition("+")
        if (plain, where) == (box, domain) and plus and token:
            found.append(token)
    return found


def letter_key(who: str, message_id: str, contents: Iterable[bytes]) -> str:
    """The same for the same letter of the same sender, by whatever way and however often it arrives."""
    seen = hashlib.sha256(f"{who}\n{message_id}".encode("utf-8", "replace"))
    for content in contents:
        seen.update(hashlib.sha256(content).digest())
    return seen.hexdigest()


# Who knows about something


ENDINGS = ("en", "s", "e", "n")  # of words in Dutch and English, roughly: pumps, pompen
TICKED = 4  # colleagues that are proposed to be asked


@dataclass(frozen=True)
class Knower:
    """What speaks for asking a colleague, and when they were last asked."""

    person: Any
    skills: tuple[str, ...] = ()  # declared, and what it is about
    says: bool = False  # in their own words
    project: str = ""  # on which they work
    relation: bool = False  # they know who wished it
    chosen: str = ""  # a subject for which the curator thought of them before
    left_out: str = ""  # a subject for which the curator did not
    asked_at: datetime | None = None

    @property
    def suits(self) -> int:
        """How well: more reasons suit better; a correction of the curator weighs more than one of them."""
        found = 3 * bool(self.skills) + 3 * bool(self.project) + 3 * self.relation + self.says
        return found + 2 * bool(self.chosen) - 6 * bool(self.left_out)


def by_turn(knowers: Iterable[Knower]) -> list[Knower]:
    """Whoever suits best first; of those who suit equally well whoever was not asked for longest."""
    longest = datetime.min.replace(tzinfo=UTC)
    fitting = [one for one in knowers if one.suits > 0 or one.left_out]
    return sorted(fitting, key=lambda one: (-one.suits, one.asked_at or longest, one.person.pk))


def meant(sentence: str, names: Iterable[tuple[int, str]]) -> list[int]:
    """Which of these subjects a sentence speaks of: every word of the name stands in it, whatever its ending."""
    said = words_of(sentence)
    return [key for key, name in names if (own := words_of(name)) and all(_stands(word, said) for word in own)]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def stem(word: str) -> str:
    """A word without its ending, when enough is left of it."""
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= 4), "")
    return word.removesuffix(ending) if ending else word


def _stands(word: str, said: Sequence[str]) -> bool:
    short = stem(word)
    return any(other == word or (len(short) >= 4 and other.startswith(short)) for other in said)
