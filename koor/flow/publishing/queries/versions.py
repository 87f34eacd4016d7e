"""What somebody who writes has before them, as a mark: another mark is another content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Post, PostLink, Target
from koor.flow.publishing.queries.compose import Written, written_in
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.models import AuditEntry
from koor.kernel.once import digest_of

DIGEST = 20  # signs of a version
CHANGES = ("edit_post", "own_words", "reschedule", "choose_link")


def version_of(post: Post) -> str:
    """The words, where and when it goes, what it shows and how its link goes; not how far it is."""
    rows = sorted((row for row in post.targets.all() if row.state != State.CANCELLED), key=lambda row: row.pk)
    shown = sorted(post.media.all(), key=lambda one: (one.order, one.pk))
    content = {
        "words": [post.title, post.text, post.link, post.language],
        "rows": [[row.account_id, row.text, row.options, row.due_day, row.due_time] for row in rows],
        "shown": [[one.medium_id, one.alt] for one in shown],
        "link": [list(one) for one in PostLink.objects.filter(post=post.pk).values_list("campaign", "plain")],
    }
    return digest_of(content)[:DIGEST]


def row_version(row: Target) -> str:
    """What who speaks for an account has before them, and its words apart: so it is known whether they typed others."""
    shown = [[one.medium_id, one.alt] for one in sorted(row.post.media.all(), key=lambda one: (one.order, one.pk))]
    said = [row.post.title, row.post.link, row.post.language, row.text, row.options, row.due_day, row.due_time, shown]
    return f"{digest_of({'said': said})[:DIGEST]}-{digest_of(row.text)[:8]}"


def typed_in(row: Target, text: str, seen: str) -> str:
    """The own words in what was sent back; empty where they are those that stood there."""
    said = " ".join(text.split())
    words = text.replace("\r\n", "\n").strip()
    return "" if not said or digest_of(words)[:8] == seen.rpartition("-")[2] or words == row.text else words


@dataclass(frozen=True)
class Theirs:
    """What was saved meanwhile, and by whom: no name for oneself, in another window, and where nobody can tell."""

    name: str
    own: bool
    written: Written

    @property
    def places(self) -> list[tuple[str, str]]:
        """Accounts with words of their own."""
        own = self.written.texts
        return [(one.name, own[one.pk]) for one in self.written.accounts if one.pk in own]


def opened(post: Post) -> str:
    """The version that a page shows, and since when."""
    return f"{version_of(post)}{int(clock.now().timestamp()):x}"


def version_in(sent: str) -> str:
    return sent[:DIGEST]


def saved_meanwhile(person: Person, post: Post, sent: str) -> Theirs:
    """The other version; give the post with its parts, read anew. `sent` is what the page had: who did something
    before it was opened did not do this."""
    since = re.fullmatch(r"[0-9a-f]{1,9}", sent[DIGEST:])
    verbs = [f"publishing.{verb}" for verb in CHANGES]
    deeds = AuditEntry.objects.filter(target_kind="publishing.post", target_id=post.pk, verb__in=verbs)
    at = datetime.fromtimestamp(int(since[0], 16), UTC) if since else clock.now()
    last = deeds.filter(at__gte=at).order_by("-at", "-pk").first()
    own = last is not None and last.actor_id == person.pk
    return Theirs("" if last is None or own else last.actor_name, own, written_in(post))
