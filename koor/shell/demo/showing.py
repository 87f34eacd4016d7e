"""The demo's pictures, library, questions, agreements and the coming weeks of the calendar."""

import math
from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path

import pyvips

from koor.flow.calendar import actions as calendar
from koor.flow.hub import actions as hub
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.models import Item
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Project
from koor.ground.people.actions import join, make_rota, make_team
from koor.ground.people.models import Rota, Team
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.shell.demo import work
from koor.shell.demo.ground import FOUNDED, Cast
from koor.shell.demo.moments import Moments

PICTURES = Path(__file__).parent / "pictures"
WIDTH = 1600  # pixels
Shelf = dict[str, Item]  # by picture


@lru_cache(maxsize=32)
def drawn(picture: str) -> bytes:
    """A drawn scene as the JPEG that a phone would send."""
    image = pyvips.Image.thumbnail(str(PICTURES / f"{picture}.svg"), WIDTH)
    return bytes(image.flatten(background=[255, 255, 255]).jpegsave_buffer(Q=85))


def show_work(when: Moments, found: Cast, projects: dict[str, Project]) -> Shelf:
    """Everybody's captures, opened at once, and what the curator said of them."""
    shelf: Shelf = {}
    for n, one in enumerate(sorted(work.CAPTURES, key=lambda shown: -shown.day)):
        moment = when.of(one.day, f"{8 + n % 2:02d}:{(n * 7) % 40:02d}")
        with clock.fixed(moment):
            capture = hub.capture(
                by=found[one.by], photos=[Photo(f"{one.picture}.jpg", drawn(one.picture))], sentence=one.sentence,
                project=projects.get(one.project),
                portrayed=[InPicture(name, agrees) for name, agrees in one.portrayed],
            )  # fmt: skip
            hub.develop_capture(by=SYSTEM, capture_id=capture.pk)
            item = Item.objects.get(capture=capture)
            hub.edit_item(
                by=found["Marloes"], item=item, alts={medium.pk: one.alt for medium in item.media.all()},
                tags=list(one.tags), evergreen=one.evergreen,
            )  # fmt: skip
        with clock.fixed(min(moment + timedelta(hours=2), when.now)):
            _decide(one, item, found)
        shelf[one.picture] = Item.objects.get(pk=item.pk)
    return shelf


def _decide(one: work.Shown, item: Item, found: Cast) -> None:
    if one.kept == "kept":
        hub.keep_item(by=found["Marloes"], item=item, reason=one.decision)
    elif one.kept == "shelved":
        hub.shelve_item(by=found["Marloes"], item=item, reason=one.decision)


def ask(when: Moments, found: Cast) -> None:
    for n, (by, question, why, asked) in enumerate(work.PROMPTS):
        with clock.fixed(when.of(2 + n, "09:00")):
            hub.ask_colleagues(by=found[by], question=question, why=why, people=[found[first] for first in asked])


def agree(when: Moments, found: Cast, account: Account) -> None:
    """Promises of two people, with the weeks that went before."""
    opening = when.day(FOUNDED - 2)
    for person, content, about, rhythm, weekday in work.AGREEMENTS:
        with clock.fixed(when.of(FOUNDED - 2, "10:00")):
            made = calendar.propose_agreement(
                by=found["Marloes"], person=found[person], content=content, about=about, rhythm=rhythm,
                weekday=weekday, first_day=opening, accounts=[account],
            )  # fmt: skip
            calendar.agree(by=found[person], agreement=made)
    for person, content, about, rhythm, weekday in work.PROPOSED:
        with clock.fixed(when.of(1, "15:00")):
            calendar.propose_agreement(
                by=found["Marloes"], person=found[person], content=content, about=about, rhythm=rhythm,
                weekday=weekday, first_day=when.day(-7),
            )  # fmt: skip
    together(when, found, account)
    calendar.roll_all()
    for name, first, last, about, kind in work.CAMPAIGNS:
        calendar.plan_campaign(
            by=found["Marloes"], name=name, first_day=when.day(-first), last_day=when.day(-last), about=about, kind=kind
        )
    keep_promises(when)


def together(when: Moments, found: Cast, account: Account) -> None:
    """A team and a rota that promise as one, a change that waits, the rhythm of the newsroom."""
    curator = found["Marloes"]
    for name, about, people in work.TEAMS:
        team = make_team(by=curator, name=name, about=about)
        for first in people:
            join(by=curator, group=team, person=found[first])
        _agree_as_one(when, found, account, work.OF_TEAM, team=team)
    for name, about, turns in work.ROTAS:
        rota = make_rota(by=curator, name=name, about=about, first_week=when.today)
        for first in turns:
            join(by=curator, group=rota, person=found[first])
        _agree_as_one(when, found, account, work.OF_ROTA, rota=rota)
    who, rhythm, why = work.CHANGED
    calendar.propose_change(by=found[who], agreement=found[who].agreements.get(), rhythm=rhythm, why=why)
    for weekday, at in work.BEATS:
        calendar.add_posting_time(by=found["Marloes"], account=account, weekday=weekday, at=time.fromisoformat(at))
    calendar.choose_region(by=found["Marloes"], region="middle")


def _agree_as_one(
    when: Moments,
    found: Cast,
    account: Account,
    terms: tuple[str, str, str, int],
    team: Team | None = None,
    rota: Rota | None = None,
) -> None:
    content, about, rhythm, weekday = terms
    made = calendar.propose_agreement(
        by=found["Marloes"], team=team, rota=rota, content=content, about=about, rhythm=rhythm, weekday=weekday,
        accounts=[account], first_day=when.today,
    )  # fmt: skip
    calendar.agree(by=SYSTEM, agreement=made)


def keep_promises(when: Moments) -> None:
    """Of the promises that are past most were kept."""
    from koor.flow.calendar.models import Slot

    past = Slot.objects.filter(day__lt=when.today).order_by("day", "pk")
    for n, slot in enumerate(past):
        if math.fmod(n, 5) != 3:
            calendar.fill_slot(by=SYSTEM, slot=slot)
