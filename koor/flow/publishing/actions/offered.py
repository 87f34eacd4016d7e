"""What work of colleagues asks of a post, from whatever page it is written: an offer is answered, and that somebody
works here is taken away by themselves alone."""

from django.utils.translation import gettext as _

from koor.flow.publishing.choices import Answer
from koor.flow.publishing.logic import starting
from koor.flow.publishing.models import Offer, Post, Target
from koor.ground.people.access import Colleague
from koor.ground.people.queries import works_here
from koor.kernel import clock
from koor.kernel.access import Refused


def made_own(pk: int) -> Post:
    """A post that was just begun. When it is after the work of a colleague, the offer of that is answered."""
    post = Post.objects.get(pk=pk)
    if post.after_id is not None:
        waiting = Offer.objects.filter(person=post.by_id, sharing__post=post.after_id, answer=Answer.OPEN)
        waiting.update(answer=Answer.OWN, own=post, answered_at=clock.now())
    return post


def check_says_it_still(post: Post, row: Target, before: str, *, by: Colleague) -> None:
    """The sentence that somebody works here stands on their own account until they take it away themselves."""
    if not row.account.personal or by.pk in (post.by_id, row.account.owner_id):
        return
    sentence = works_here()
    if sentence and starting.says(before, sentence) and not starting.says(row.text, sentence):
        refused = _("Only %(name)s takes away “%(sentence)s”.")
        raise Refused(refused % {"name": post.by.first_name, "sentence": sentence}, code="discloses", field="text")
