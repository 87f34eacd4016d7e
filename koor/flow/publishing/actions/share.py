"""Sharing on: a colleague makes a post their own, or kindly lets it pass."""

from django.db import transaction

from koor.flow.publishing import access
from koor.flow.publishing.models import Passed, Post
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import require


@transaction.atomic
def pass_on(*, by: Person, post: Post) -> None:
    """Not this one; it is not offered to this colleague again. Nobody else sees that, so no line in the audit trail."""
    require(access.may_see(by, post))
    Passed.objects.get_or_create(post=post, person=by, defaults={"at": clock.now()})
