"""A buddy says something about a draft."""

from collections.abc import Callable

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.models import Comment, Post
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused


def test_the_buddy_and_the_maker_talk_about_it(
    write: Callable[..., Post], stage: Account, bram: Person, henk: Person
) -> None:
    post = write("Acht lokalen.", stage)
    Post.objects.filter(pk=post.pk).update(buddy=henk)
    post.refresh_from_db()
    actions.comment_on_post(by=henk, post=post, text="Noem de meester.", once="k")
    actions.comment_on_post(by=henk, post=post, text="Noem de meester.", once="k")
    actions.comment_on_post(by=bram, post=post, text="Doe ik.")
    assert [(one.by, one.text) for one in post.comments.all()] == [(henk, "Noem de meester."), (bram, "Doe ik.")]


def test_others_do_not_see_it_and_say_nothing(write: Callable[..., Post], stage: Account, rob: Person) -> None:
    with pytest.raises(Forbidden):
        actions.comment_on_post(by=rob, post=write("Acht lokalen.", stage), text="Hm.")


@pytest.mark.parametrize(("text", "code"), [(" ", "empty"), ("x" * 2001, "too_long")])
def test_nothing_and_too_much(write: Callable[..., Post], stage: Account, bram: Person, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.comment_on_post(by=bram, post=write("Acht lokalen.", stage), text=text)
    assert refused.value.code == code
    assert not Comment.objects.exists()
