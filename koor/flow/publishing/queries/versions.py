"""What somebody who writes has before them, as a mark: another mark is another content."""

from __future__ import annotations

from dataclasses import dataclass

from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Post
from koor.flow.publishing.queries.compose import Written, written_in
from koor.ground.people.models import Person
from koor.kernel.models import AuditEntry
from koor.kernel.once import digest_of

CHANGES = ("edit_post", "own_words", "reschedule", "choose_link")


def version_of(post: Post) -> str:
    """The words, where and when it goes and what it shows; not how far it is."""
    rows = sorted((row for row in post.targets.all() if row.state != State.CANCELLED), key=lambda row: row.pk)
    shown = sorted(post.media.all(), key=lambda one: (one.order, one.pk))
    content = {
        "words": [post.title, post.text, post.link, post.language],
        "rows": [[row.account_id, row.text, row.options, row.due_day, row.due_time] for row in rows],
        "shown": [[one.medium_id, one.alt] for one in shown],
    }
    return digest_of(content)[:20]


@dataclass(frozen=True)
class Theirs:
    """What was saved meanwhile, and by whom: empty for oneself, in another window."""

    name: str
    written: Written

    @property
    def places(self) -> list[tuple[str, str]]:
        """Accounts with words of their own."""
        own = self.written.texts
        return [(one.name, own[one.pk]) for one in self.written.accounts if one.pk in own]


def saved_meanwhile(person: Person, post: Post) -> Theirs:
    """The other version; give the post with its parts, read anew."""
    deeds = AuditEntry.objects.filter(target_kind="publishing.post", target_id=post.pk)
    last = deeds.filter(verb__in=[f"publishing.{verb}" for verb in CHANGES]).order_by("-at", "-pk").first()
    name = last.actor_name if last is not None and last.actor_id != person.pk else ""
    return Theirs(name, written_in(post))
