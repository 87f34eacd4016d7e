"""Answers to people, and posts from before: two ways in which a row begins without a compose page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub.models import Item
from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.checks import (
    Picture,
    check_consent,
    check_described,
    check_row,
    clean,
    options_for,
    pictures,
    spoken,
)
from koor.flow.publishing.actions.release import make_due, send_to_buddy
from koor.flow.publishing.actions.used import used_in
from koor.flow.publishing.actions.write import put_pictures
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.events import PostReleased
from koor.flow.publishing.models import Post, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.access import may_answer
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, events
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.once import once as done_once


def reply(
    *,
    by: Person,
    account: Account,
    text: str,
    in_reply_to: str,
    options: dict[str, str] | None = None,
    media: Sequence[Picture] = (),
    once: str = "",
) -> Target:
    """Answer somebody on a platform. `in_reply_to` is the platform's own number of what is answered. `media` are held
    to what holds for any post: consent, rights, a description, what the platform takes.

    Goes by the same ledger as any post. A colleague who has a buddy gets the answer read first."""
    _may_go(by, account)
    said = clean(text)
    if not said:
        raise Refused(_("Write an answer first."), code="empty", field="text")
    shown = pictures(media, None)
    content = {"account": account.pk, "text": said, "to": in_reply_to}
    if shown:
        content["media"] = [(medium.pk, alt) for medium, alt in shown]

    def make() -> Target:
        post, target = _rows(by, account, said, in_reply_to, options or {})
        put_pictures(post, shown)
        audit.record(by=by, verb="publishing.reply", target=post, account=account.pk)
        if post.practice or access.goes_alone(by):
            _answer_goes(by, post, target)
        else:
            send_to_buddy(by=by, post=post)
        return target

    with transaction.atomic():
        pk, _new = done_once(f"publishing.reply:{by.pk}", once, content, make)
    return Target.objects.select_related("post", "account").get(pk=pk)


def _may_go(by: Person, account: Account) -> None:
    require(may_answer(by, account), _("You can't answer on %(account)s yet.") % {"account": account})
    manifest = channels.connector(account.connector).manifest
    if not (manifest.replies or manifest.by_hand or not manifest.public):
        raise Refused(_("On %(account)s nobody can be answered.") % {"account": account.name}, code="no_replies")
    if access.only_practises(by) and manifest.public:
        raise Refused(_("While you practise, nothing leaves the house. Ask a colleague to answer."), code="practise")


def _rows(by: Person, account: Account, said: str, to: str, options: dict[str, str]) -> tuple[Post, Target]:
    now = clock.now()
    public = channels.connector(account.connector).manifest.public
    post = Post.objects.create(
        by=by, text=said, language=spoken(said), in_reply_to=to[:300], made_at=now, changed_at=now,
        practice=not public,
    )  # fmt: skip
    target = Target.objects.create(
        post=post, account=account, text=said, zone=house().zone, options=options_for(account, options),
        agreed_by=by, agreed_at=now,
    )  # fmt: skip
    return post, target


def _answer_goes(by: Person, post: Post, target: Target) -> None:
    check_consent(post, [target])
    check_described(post)
    check_row(target)
    post.stage, post.released_at, post.released_by = Stage.RELEASED, clock.now(), by
    post.save(update_fields=["stage", "released_at", "released_by"])
    make_due(target)
    events.tell(PostReleased(post.pk))


@transaction.atomic
def record_past_post(
    *,
    by: Colleague,
    maker: Person,
    account: Account,
    text: str,
    published_at: datetime,
    title: str = "",
    url: str = "",
    remote_id: str = "",
    item: Item | None = None,
    media: list[Picture] | None = None,
    post: Post | None = None,
) -> Target:
    """Something that was said before this house kept a ledger (an import, a demo): it is up, and nothing is sent.

    Told once by its number on the platform: the same number again gives the same row. With `post` it is another place
    of what was written down already."""
    require(by is SYSTEM or access.may_settle(by, Target(post=Post(by=maker), account=account)))
    known = Target.objects.filter(account=account, remote_id=remote_id).exclude(remote_id="").first()
    if known is not None:
        return known
    if post is None:
        post = _past_post(maker, text=text, title=title, at=published_at, item=item)
        put_pictures(post, pictures(media, item))
    target = Target.objects.create(
        post=post, account=account, text=clean(text), zone=house().zone, state=State.PUBLISHED, agreed_by=maker,
        remote_id=remote_id[:300], url=url[:1000], due_at=published_at, published_at=published_at,
        agreed_at=published_at,
    )  # fmt: skip
    ledger.address_in_newsroom(target)
    ledger.show_pictures(target)
    target.save()
    used_in(post, published_at)
    audit.record(by=by, verb="publishing.record_past_post", target=post, account=account.pk)
    return target


def _past_post(maker: Person, *, text: str, title: str, at: datetime, item: Item | None) -> Post:
    return Post.objects.create(
        by=maker, title=title[:160], text=clean(text), language=spoken(text), item=item, stage=Stage.RELEASED,
        made_at=at, changed_at=at, released_at=at, released_by=maker,
    )  # fmt: skip
