"""What colleagues say about a post of the house, before it goes and after."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.actions.checks import clean
from koor.flow.publishing.models import Comment, Post
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once


def comment_on_post(*, by: Person, post: Post, text: str, once: str = "") -> Comment:
    """Say something about a draft."""
    post = Post.objects.get(pk=post.pk)
    require(access.may_comment(by, post))
    said = clean(text)
    if not said:
        raise Refused(_("Write what you would like to say."), code="empty", field="text")
    if len(said) > 2000:
        raise Refused(_("At most %(most)s characters here.") % {"most": 2000}, code="too_long", field="text")

    def make() -> Comment:
        comment = Comment.objects.create(post=post, by=by, text=said, at=clock.now())
        audit.record(by=by, verb="publishing.comment_on_post", target=post)
        return comment

    with transaction.atomic():
        pk, _new = done_once(f"publishing.comment_on_post:{by.pk}", once, {"post": post.pk, "text": said}, make)
    return Comment.objects.get(pk=pk)
