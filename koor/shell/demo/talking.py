"""The demo's accounts, what was posted on them, what people said and who answered."""

import io
import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from koor.flow.calendar import actions as calendar
from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Conversation
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Correction, Mention, Source
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.logic import words
from koor.flow.publishing.models import Post
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Contact
from koor.ground.governance import actions as governance
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.shell.demo import work, world
from koor.shell.demo.ground import FOUNDED, Cast
from koor.shell.demo.moments import ZONE, Moments
from koor.shell.demo.showing import Shelf

Accounts = dict[str, Account]
MAY = ("see", "draft", "publish", "answer")
SOURCE = "Rond Borculo"  # what was heard on Mastodon comes from a file in the demo
QUIET_DAYS = 3


def open_accounts(when: Moments, found: Cast) -> Accounts:
    """Nothing of the demo leaves the house: the newsroom is our own, the others are paper or by hand."""
    opened: tuple[tuple[str, str, str, str, str, bool, dict[str, str]], ...] = (
        ("newsroom", "newsroom", "Nieuws van Reurslag", "Marloes", "news", False, {}),
        ("mastodon", "paper", "Reurslag op papier", "Marloes", "service", False, {}),
        ("practice", "paper", "Oefenpodium", "Marloes", "practice", False, {}),
        ("yusuf", "by_hand", "LinkedIn van Yusuf", "Yusuf", "work", True, {"platform": "linkedin"}),
        ("hanna", "by_hand", "LinkedIn van Hanna", "Hanna", "news", True, {"platform": "linkedin"}),
        ("bram", "by_hand", "WhatsApp van Bram", "Bram", "work", True, {"platform": "whatsapp"}),
    )
    made: Accounts = {}
    with clock.fixed(when.of(FOUNDED, "10:30")):
        for key, connector, name, owner, purpose, personal, settings in opened:
            made[key] = channels.add_account(
                by=SYSTEM, connector=connector, name=name, owner=found[owner], purpose=purpose, personal=personal,
                settings=settings,
            )  # fmt: skip
        for key in ("newsroom", "mastodon", "practice"):
            for person in found.values():
                if person != made[key].owner:
                    channels.set_member(by=SYSTEM, account=made[key], person=person, may=MAY)
        _settle_responsibility(found)
    return made


def _settle_responsibility(found: Cast) -> None:
    settled = (
        ("service", "Anneke", "Anneke antwoordt eerst, en weet wie het weet."),
        ("sales", "Rob", "Rob belt terug, of geeft door aan wie er dichterbij woont."),
        ("news", "Marloes", "Marloes redigeert, Hanna beslist bij twijfel."),
        ("jobs", "Sanne", "Leerlingen antwoorden leerlingen."),
    )
    for purpose, first, agreed in settled:
        governance.set_responsibility(by=SYSTEM, purpose=purpose, person=found[first], agreed=agreed)


def post(when: Moments, found: Cast, accounts: Accounts, shelf: Shelf) -> None:
    """Four weeks that are up, some days that are planned, two drafts with a buddy."""
    up = []
    for n, one in enumerate(sorted(work.POSTS, key=lambda posted: -posted.day)):
        moment = when.of(when.workday_ago(one.day), one.at)
        if one.state == "published":
            up.append(_is_up(f"demo-{n}", one, moment, found, accounts, shelf))
        else:
            _to_come(one, moment, found, accounts, shelf)
    _by_hand(when, found, accounts, shelf)
    _talk_over(when, found)
    for made in (up[-3], up[-1]):  # one explains, one is of today
        publishing.share_on(by=SYSTEM, post=made)


def _is_up(key: str, one: work.Posted, moment: datetime, found: Cast, accounts: Accounts, shelf: Shelf) -> Post:
    post = None
    with clock.fixed(moment):
        for name in one.accounts:
            post = publishing.record_past_post(
                by=SYSTEM, maker=found[one.by], account=accounts[name], text=one.text, published_at=moment,
                item=shelf.get(one.picture), remote_id=f"{key}-{name}", title=one.text.split("\n", 1)[0], post=post,
            ).post  # fmt: skip
    local = clock.local(moment, ZONE)
    calendar.slot_for(
        by=SYSTEM, day=local.date(), at=local.time().replace(microsecond=0, second=0), title=words.title_of(one.text),
        account=accounts[one.accounts[0]], person=found[one.by], item=shelf.get(one.picture),
    )  # fmt: skip
    assert post is not None
    return post


def _to_come(one: work.Posted, moment: datetime, found: Cast, accounts: Accounts, shelf: Shelf) -> None:
    local = clock.local(moment, ZONE).replace(tzinfo=None)
    slot = calendar.plan_slot(
        by=found[one.by], day=local.date(), at=local.time(), title=words.title_of(one.text), person=found[one.by],
        account=accounts[one.accounts[0]],
    )  # fmt: skip
    made = publishing.create_post(
        by=found[one.by], text=one.text, accounts=[accounts[name] for name in one.accounts],
        item=shelf.get(one.picture), slot=slot, due_local=local, title=one.text.split("\n", 1)[0],
    )  # fmt: skip
    if one.state == "with_buddy":
        publishing.send_to_buddy(by=found[one.by], post=made)
    else:
        publishing.release_post(by=found[one.by], post=made)


def _by_hand(when: Moments, found: Cast, accounts: Accounts, shelf: Shelf) -> None:
    """Yusuf has one ready for his own phone."""
    made = publishing.create_post(
        by=found["Yusuf"], text=work.YUSUFS_OWN, accounts=[accounts["yusuf"]], item=shelf["classroom"]
    )
    publishing.release_post(by=found["Yusuf"], post=made)


def _talk_over(when: Moments, found: Cast) -> None:
    draft = Post.objects.filter(by=found["Jelle"], stage="with_buddy").first()
    if draft is not None:
        with clock.fixed(when.of(0, "08:15")):
            publishing.comment_on_post(by=found["Bram"], post=draft, text=work.BRAM_SAYS)


def talk(when: Moments, found: Cast, met: dict[str, Contact], accounts: Accounts) -> None:
    """What was said outside comes in as a file; conversations follow their own road through the house."""
    with clock.fixed(when.of(FOUNDED, "11:00")):
        for name, expression in world.QUERIES:
            listening.add_query(by=found["Marloes"], name=name, expression=expression)
    _hear(when, found)
    for number, asked in enumerate(world.ASKED):
        _asked(f"asked-{number}", asked, when, found)
    for number, one in enumerate(world.TALKS):
        _conversation(number, one, when, found, met)
    latest = Mention.objects.aggregate(at=Max("said_at"))["at"]
    Source.objects.filter(name=SOURCE).update(last_success_at=latest)
    _agree_who_answers(when, found)


def _agree_who_answers(when: Moments, found: Cast) -> None:
    """Three rules for who answers when nobody knows the one who writes; what was said before them is theirs to try."""
    service = found["Anneke"].discipline_id or 0
    rules = (
        ({"hours": "outside", "words": "storing* OR lek* OR koud"}, [("person", found["Samira"].pk)]),
        ({"words": "factuur OR rekening OR betal*"}, [("person", found["Chantal"].pk)]),
        ({"where": "platform:mastodon", "words": "storing* OR kapot"}, [("discipline", service)]),
    )
    with clock.fixed(when.of(0, "08:20")):
        for condition, ask in rules:
            conversations.add_rule(by=found["Marloes"], when=condition, ask=ask)


def _hear(when: Moments, found: Cast) -> None:
    heard = [
        {"id": f"heard-{n}", "author": author, "handle": handle, "text": text, "lang": "nl",
         "created_at": when.of(day, at).isoformat()}
        for n, (author, handle, day, at, text, _label) in enumerate(world.HEARD)
    ]  # fmt: skip
    _bring_in(heard, found)
    for n, (*_rest, label) in enumerate(world.HEARD):
        if label and n % 3:
            mention = Mention.objects.get(external_id=f"heard-{n}")
            at = mention.said_at + timedelta(minutes=20)
            Mention.objects.filter(pk=mention.pk).update(label=label, labelled_by=found["Marloes"], labelled_at=at)
            Correction.objects.create(mention=mention, label=label, by=found["Marloes"], at=at)


def _bring_in(lines: list[dict[str, str]], found: Cast) -> None:
    stream = io.BytesIO("\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode())
    listening.import_file(by=found["Marloes"], source_name=SOURCE, stream=stream, platform="mastodon")


def _asked(key: str, asked: tuple[Any, ...], when: Moments, found: Cast) -> None:
    """A short question with its answer, done."""
    author, handle, day, at, question, first, minutes, answer, _purpose = asked
    moment = when.of(day, at)
    line = {
        "id": key,
        "author": author,
        "handle": handle,
        "text": question,
        "lang": "nl",
        "created_at": moment.isoformat(),
    }
    with clock.fixed(moment):
        _bring_in([line], found)
        conversation = conversations.open_from_mention(by=SYSTEM, mention=Mention.objects.get(external_id=key))
        if conversation.assignee_id != found[first].pk:
            conversations.assign(by=found["Marloes"], conversation=conversation, person=found[first])
    with clock.fixed(moment + timedelta(minutes=minutes)):
        message = conversations.answer(by=found[first], conversation=conversation, text=answer)
        conversations.mark_handed(by=found[first], message=message)
        conversation.refresh_from_db()
        conversations.finish(by=found[first], conversation=conversation)


def _conversation(number: int, one: world.Talk, when: Moments, found: Cast, met: dict[str, Contact]) -> None:
    contact = met[one.contact]
    handle = contact.handles.filter(platform="mastodon").values_list("value", flat=True).first() or ""
    conversation = None
    for n, said in enumerate(one.said):
        moment = when.of(said.day, said.at)
        _rest(one, n, conversation, when)
        with clock.fixed(moment):
            if said.inside:
                conversation = _note(contact, said, found)
            elif said.channel != "mastodon" or not handle or (said.from_us and conversation is None):
                conversation = conversations.tell_by_hand(
                    by=found[said.from_us or _first_ear(one)], contact=contact, channel=said.channel if said.channel != "mastodon" else "telephone",
                    direction="out" if said.from_us else "in", text=said.text, at=moment, waits=not said.from_us,
                )  # fmt: skip
            elif said.from_us:
                assert conversation is not None
                conversation.refresh_from_db()
                if conversation.assignee_id != found[said.from_us].pk:
                    conversations.assign(by=found["Marloes"], conversation=conversation, person=found[said.from_us])
                message = conversations.answer(by=found[said.from_us], conversation=conversation, text=said.text)
                conversations.mark_handed(by=found[said.from_us], message=message)
            else:
                conversation = _they_said(f"talk-{number}-{n}", one, contact, handle, said, found)
    if one.done and conversation is not None:
        with clock.fixed(when.of(one.said[-1].day, one.said[-1].at) + timedelta(minutes=3)):
            conversation.refresh_from_db()
            conversations.finish(by=found["Marloes"], conversation=conversation)


def _note(contact: Contact, said: world.Said, found: Cast) -> Conversation:
    """Whoever was at the door writes it down; the conversation stays with whom it was."""
    return conversations.tell_by_hand(
        by=found[said.from_us], contact=contact, channel="at the door", direction="note", text=said.text
    )


def _rest(one: world.Talk, n: int, conversation: Conversation | None, when: Moments) -> None:
    """What had been quiet for days was done; what they say next finds its own way again."""
    before, said = one.said[n - 1], one.said[n]
    if conversation is None or said.from_us or before.day - said.day < QUIET_DAYS:
        return
    conversation.refresh_from_db()
    if conversation.assignee is not None and conversation.state != "done":
        with clock.fixed(when.of(before.day, before.at) + timedelta(minutes=30)):
            conversations.finish(by=conversation.assignee, conversation=conversation)


def _first_ear(one: world.Talk) -> str:
    return next((said.from_us for said in one.said if said.from_us), "Anneke")


def _they_said(key: str, one: world.Talk, contact: Contact, handle: str, said: world.Said, found: Cast) -> Conversation:
    line = {"id": key, "author": contact.name, "handle": handle, "text": said.text, "lang": "nl",
            "created_at": clock.now().isoformat()}  # fmt: skip
    _bring_in([line], found)
    mention = Mention.objects.get(external_id=key)
    if one.ohoh:
        Mention.objects.filter(pk=mention.pk).update(
            label="ohoh", labelled_by=found["Marloes"], labelled_at=clock.now()
        )
        mention.refresh_from_db()
    return conversations.open_from_mention(by=SYSTEM, mention=mention)
