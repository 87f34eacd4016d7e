"""What publishing tells on a colleague's phone, if they asked for it."""

from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.publishing import access
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Pause, Post, Target
from koor.flow.publishing.queries.lists import overdue, planned_on
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.governance import permissions
from koor.ground.people.models import Person
from koor.kernel import clock, notices


def tell_overdue() -> int:
    """Posts whose moment passed and that nobody looks at: the sender does not run, or hangs. Who may act on it hears of
    it once a day; how many posts."""
    number = overdue().count()
    if number:

        def said() -> tuple[str, str]:
            title = ngettext("One post is late", "%(count)s posts are late", number) % {"count": number}
            return title, _("Their moment has passed and nothing happens. Ask the administrator to look.")

        _tell_who_may_hold(said, page=reverse("publishing:posts"), key=f"overdue:{clock.now():%Y%m%d}")
    return number


def tell_braked(pause: Pause) -> None:
    """An account went too fast and is held: who may open it again hears of it at once."""

    def said() -> tuple[str, str]:
        title = _("%(account)s is held") % {"account": pause.account.name}
        return title, _("Far more posts than usual in ten minutes. Look whether that is meant.")

    _tell_who_may_hold(said, page=reverse("publishing:held"), key=f"brake:{pause.pk}")


def tell_twice(row: Target) -> None:
    """Something stands twice outside: who looks after the house, the owner of the account and the maker hear of it."""

    def said() -> tuple[str, str]:
        title = _("It stands twice on %(place)s") % {"place": row.account.name}
        return title, _("Take one of the two away there; the next night we look again.")

    page = f"{reverse('publishing:post', args=[row.post_id])}#row-{row.pk}"
    _tell_who_may_hold(said, page=page, key=f"twice:{row.pk}", also=(row.account.owner_id, row.post.by_id))


ASKED = (logic.UNSURE_FOR_GOOD, logic.HALF, logic.CONSENT, logic.RIGHTS, logic.FILM)


def tell_it_failed(target_id: int) -> None:
    """A row was refused, missed its moment or asks a person: its maker hears of it, and the owner of the account."""
    row = Target.objects.select_related("post__by", "account").filter(pk=target_id, post__practice=False).first()
    if row is None or not (row.state in (State.REJECTED, State.MISSED) or _asks(row)):
        return
    page = f"{reverse('publishing:post', args=[row.post_id])}#row-{row.pk}"
    key = f"failed:{row.pk}:{row.revision}:{row.attempts_made}:{row.state}:{row.because}"
    people = Person.objects.filter(is_active=True, pk__in=[row.post.by_id, row.account.owner_id])
    _tell(people, lambda: _failed_said(row), page=page, key=key)


def _asks(row: Target) -> bool:
    return row.state == State.NEEDS_PERSON and row.because in ASKED


def _failed_said(row: Target) -> tuple[str, str]:
    place = {"place": row.account.name}
    if row.state == State.MISSED:
        return _("Your post did not get on %(place)s") % place, _("It was too late to go by itself.")
    if row.state == State.REJECTED:
        return _("Your post did not get on %(place)s") % place, _("The platform refused it.")
    if row.because in (logic.UNSURE_FOR_GOOD, logic.HALF):
        return _("Is it up on %(place)s?") % place, _("Link it, send it, or leave it.")
    return _("It waits on %(place)s") % place, _("Look what keeps it.")


def tell_account_in_trouble(account_id: int) -> None:
    """An account needs its owner: once a day at most, and not when it was disconnected meanwhile."""
    account = Account.objects.filter(pk=account_id).exclude(state=AccountState.DISCONNECTED).first()
    if account is None:
        return

    def said() -> tuple[str, str]:
        title = _("%(account)s needs you") % {"account": account.name}
        return title, _("It does not work at the moment. What is planned there waits.")

    owner = Person.objects.filter(is_active=True, pk=account.owner_id)
    page = reverse("channels:account", args=[account.pk])
    _tell(owner, said, page=page, key=f"account:{account.pk}:{clock.now():%Y%m%d}")


def tell_it_goes_nowhere(account_id: int) -> None:
    """An account was disconnected while posts were planned there: their makers hear of it, and who conducts."""
    account = Account.objects.filter(pk=account_id, state=AccountState.DISCONNECTED).first()
    makers = set(planned_on(account).values_list("post__by", flat=True)) if account else set()
    if account is None or not makers:
        return

    def said() -> tuple[str, str]:
        title = _("%(account)s is disconnected") % {"account": account.name}
        return title, _("What is planned there does not go. Connect it again, or stop those posts.")

    active = permissions.of_all(Person.objects.filter(is_active=True))
    people = [one for one in active if one.pk in makers or access.may_conduct(one)]
    page = f"{reverse('publishing:posts')}?show=ready"
    _tell(people, said, page=page, key=f"disconnected:{account.pk}:{clock.now():%Y%m%d}")


def _tell_who_may_hold(
    said: Callable[[], tuple[str, str]], *, page: str, key: str, also: Sequence[int | None] = ()
) -> None:
    """And those `also`. Each in their own language; `said` gives title and text in the one that is on."""
    active = permissions.of_all(Person.objects.filter(is_active=True))
    _tell([one for one in active if access.may_hold(one) or one.pk in also], said, page=page, key=key)


def _tell(people: Iterable[Person], said: Callable[[], tuple[str, str]], *, page: str, key: str) -> None:
    for person in people:
        with translation.override(person.language):
            title, text = said()
        notices.push(to=person.pk, title=title, text=text, url=page, kind="waits", key=key)


def ask_to_read(post_id: int) -> None:
    """Who reads along hears that something waits for their eyes: the buddy each time that it comes to them; or else
    whoever reads for those who have none, once for a post."""
    post = Post.objects.select_related("by", "buddy").filter(pk=post_id, stage=Stage.WITH_BUDDY).first()
    if post is None or post.with_buddy_at is None:
        return
    buddy = post.buddy if post.buddy is not None and post.buddy.is_active else None
    others = () if buddy else permissions.of_all(Person.objects.filter(is_active=True).exclude(pk=post.by_id))
    each_time = f":{post.with_buddy_at:%Y%m%d%H%M%S}" if buddy else ""

    def said() -> tuple[str, str]:
        title = _("%(name)s asks you to read along") % {"name": post.by.first_name}
        return title, _("Is it true, is it kind, and does it sound like them?")

    people = [buddy] if buddy else filter(access.reads_for_others, others)
    _tell(people, said, page=reverse("publishing:post", args=[post.pk]), key=f"read:{post.pk}{each_time}")


def tell_it_went_out(target_id: int) -> None:
    """Whoever showed the photo hears that it is up: the first time, wherever it went. Not of what they posted
    themselves this minute: they know."""
    rows = Target.objects.select_related("post__item__by", "account")
    row = rows.filter(pk=target_id, removed_at=None, post__practice=False, post__in_reply_to="").first()
    item = row.post.item if row else None
    if row is None or item is None or item.by is None or item.capture_id is None:
        return
    connector = channels.connectors().get(row.account.connector)
    by_themselves = row.post.by_id == item.by_id and row.due_day is None
    if by_themselves or (connector is not None and not connector.manifest.public):
        return
    with translation.override(item.by.language):
        notices.push(
            to=item.by.pk,
            title=_("Your photo went out"),
            text=_("It stands on %(place)s.") % {"place": row.account.name},
            url=reverse("hub:captured", args=[item.capture_id]),
            kind="out",
            key=f"out:{row.post_id}",
        )
