"""Who may, in publishing. Autonomy says which steps there are; the accounts say where somebody may speak."""

from django.utils.translation import gettext_lazy as _

from koor.flow.hub.access import may_curate
from koor.flow.publishing.choices import Stage
from koor.flow.publishing.models import Offer, Post, Target
from koor.ground.channels.access import may_draft, may_publish
from koor.ground.channels.models import Account
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.kernel.access import System

OVERSEE = declare("publishing.oversee", _("See all posts, also drafts of others"), Role.CURATOR, Role.PR)
APPROVE = declare("publishing.approve", _("Approve a post of a colleague without a buddy"), Role.CURATOR)
CONDUCT = declare("publishing.conduct", _("Move, stop or finish posts of colleagues"), Role.CURATOR)
CORRECT = declare("publishing.correct", _("Put right in the open what was posted"), Role.CURATOR, Role.PR)
ARCHIVE = declare("publishing.archive", _("Bring in what was said before, and show it"), Role.CURATOR)
LINKS = declare("publishing.links", _("Say how links go out, and keep hashtags"), Role.CURATOR, Role.ADMINISTRATOR)
READERS = declare("publishing.readers", _("Keep the list of who gets the newsletter"), Role.CURATOR)
HOLD = declare("publishing.hold", _("Stop everything that would be posted"), Role.CURATOR, Role.PR, Role.ADMINISTRATOR)


def may_write(by: Colleague, account: Account) -> bool:
    return may_draft(by, account)


def may_oversee(by: Colleague) -> bool:
    return allows(by, OVERSEE)


def may_see(person: Person, post: Post) -> bool:
    """Everybody what is released; a draft is for its maker, the buddy and who conducts. Practice stays there too."""
    if not person.is_active:
        return False
    if person.pk in (post.by_id, post.buddy_id) or may_oversee(person):
        return True
    return (post.stage == Stage.RELEASED and not post.practice) or _owns_one(person, post)


def _owns_one(person: Person, post: Post) -> bool:
    """Somebody wrote something for this colleague's own account."""
    return any(target.account.owner_id == person.pk for target in post.targets.all())


def may_edit(by: Colleague, post: Post) -> bool:
    if isinstance(by, System):
        return True
    return by.is_active and (by.pk == post.by_id or allows(by, CONDUCT))


def may_conduct(by: Colleague) -> bool:
    """Settle what is of colleagues."""
    return allows(by, CONDUCT)


def may_comment(by: Colleague, post: Post) -> bool:
    return isinstance(by, System) or may_see(by, post)


def goes_alone(by: Colleague) -> bool:
    """Whether this colleague needs no buddy."""
    return isinstance(by, System) or by.autonomy == Autonomy.OWN


def only_practises(by: Colleague) -> bool:
    return not isinstance(by, System) and by.autonomy == Autonomy.PRACTISE


def may_release(by: Colleague, post: Post) -> bool:
    """Let a post go without anybody reading it first: one's own, when one goes alone or only practises."""
    if isinstance(by, System):
        return True
    return by.is_active and by.pk == post.by_id and (post.practice or by.autonomy == Autonomy.OWN)


def may_choose_reader(by: Person, post: Post) -> bool:
    """Ask a colleague of one's choice to read along: who goes alone. For others their buddy does."""
    return by.is_active and by.pk == post.by_id and not post.practice and by.autonomy == Autonomy.OWN


def may_approve(by: Colleague, post: Post) -> bool:
    """The buddy, or who approves for colleagues without one; never the maker."""
    if isinstance(by, System):
        return True
    if not by.is_active or by.pk == post.by_id:
        return False
    return by.pk == post.buddy_id or allows(by, APPROVE)


def reads_for_others(by: Colleague) -> bool:
    """Whether this colleague reads along for those without a buddy."""
    return allows(by, APPROVE)


def may_agree(by: Colleague, target: Target) -> bool:
    """Speak for this account: its owner, or who may publish there."""
    return may_publish(by, target.account)


def may_settle(by: Colleague, target: Target) -> bool:
    """Move, stop, retry or finish a row: who made it, who owns the account, who conducts."""
    if isinstance(by, System):
        return True
    return by.is_active and (by.pk in (target.post.by_id, target.account.owner_id) or allows(by, CONDUCT))


def may_correct(by: Colleague, post: Post) -> bool:
    """Put right what is up: who made it when they go alone, who owns an account that it is on, the curator, PR."""
    if isinstance(by, System):
        return True
    if not by.is_active or not _went_out(post) or post.practice or post.in_reply_to:
        return False
    mine = by.pk == post.by_id or _owns_one(by, post)
    return allows(by, CORRECT) or (mine and by.autonomy == Autonomy.OWN)


def _went_out(post: Post) -> bool:
    """It was let go; part of it may be up while the rest is read anew."""
    return post.stage == Stage.RELEASED or (post.stage == Stage.WITH_BUDDY and post.released_at is not None)


def may_link(by: Colleague) -> bool:
    """Say how links go out, and keep sets of hashtags."""
    return isinstance(by, System) or (by.is_active and allows(by, LINKS))


def may_archive(by: Colleague) -> bool:
    """Bring in what was said before, and choose what of it everybody may read."""
    return isinstance(by, System) or (by.is_active and allows(by, ARCHIVE))


def may_put_right(by: Colleague) -> bool:
    """Put right what is of colleagues too."""
    return isinstance(by, System) or (by.is_active and allows(by, CORRECT))


def may_speak_right(by: Colleague, target: Target) -> bool:
    """Whether the words of a correction go on this account at once: in a colleague's own name only they speak."""
    return may_agree(by, target) or (not target.account.personal and allows(by, CORRECT))


def may_tell_corrected(by: Colleague, target: Target) -> bool:
    """Say that it was put right by hand."""
    return may_settle(by, target) or allows(by, CORRECT)


def may_keep_example(by: Colleague, post: Post) -> bool:
    """Who decides about the library, of what went out."""
    return may_curate(by) and post.stage == Stage.RELEASED and not post.practice and not post.in_reply_to


def may_hold(by: Colleague) -> bool:
    return allows(by, HOLD)


def may_share(by: Colleague) -> bool:
    """Offer work to colleagues, or stop offering it."""
    return isinstance(by, System) or (by.is_active and allows(by, CONDUCT))


def may_answer_offer(by: Person, offer: Offer) -> bool:
    return by.is_active and offer.person_id == by.pk


def may_keep_readers(by: Colleague, account: Account) -> bool:
    """See and change who gets the newsletter of an account: its owner, and who keeps all lists."""
    if isinstance(by, System):
        return True
    return by.is_active and (by.pk == account.owner_id or allows(by, READERS))
