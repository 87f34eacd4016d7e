"""Saved answers: one's own, and those for everybody, which who conducts writes."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access, logic
from koor.flow.conversations.models import SavedAnswer
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require

MOST = 200  # of one colleague, or of everybody


def save_answer(*, by: Person, name: str, text: str, for_all: bool = False, once: str = "") -> SavedAnswer:
    """Keep an answer to use again; `for_all`: for every colleague."""
    require(access.may_save(by, for_all=for_all))
    name, text = _checked(name, text)

    def make() -> SavedAnswer:
        owner = None if for_all else by
        if SavedAnswer.objects.filter(owner=owner, removed_at=None).count() >= MOST:
            raise Refused(_("There are %(most)s already. Remove one first.") % {"most": MOST}, code="too_many")
        return _written(SavedAnswer(owner=owner), name, text, by=by)

    pk, _new = kernel_once.once(f"conversations.save_answer:{by.pk}", once, {"name": name, "text": text}, make)
    return SavedAnswer.objects.get(pk=pk)


def change_saved(*, by: Person, saved: SavedAnswer, name: str, text: str) -> SavedAnswer:
    """Other words for the next time."""
    require(access.may_change_saved(by, saved))
    return _written(saved, *_checked(name, text), by=by)


@transaction.atomic
def remove_saved(*, by: Person, saved: SavedAnswer) -> None:
    """It is offered no longer; for a while it can be put back."""
    require(access.may_change_saved(by, saved))
    if saved.removed_at is None:
        saved.removed_at = clock.now()
        saved.save(update_fields=["removed_at"])
        audit.record(by=by, verb="conversations.remove_saved", target=saved)


def put_saved_back(*, by: Person, saved: SavedAnswer) -> None:
    """It was removed by mistake."""
    require(access.may_change_saved(by, saved))
    saved.removed_at = None
    _written(saved, saved.name, saved.text, by=by)


def _written(saved: SavedAnswer, name: str, text: str, *, by: Person) -> SavedAnswer:
    saved.name, saved.text, saved.changed_at = name, text, clock.now()
    try:
        with transaction.atomic():
            saved.save()
            audit.record(by=by, verb="conversations.save_answer", target=saved)
    except IntegrityError:
        sentence = _("There is a saved answer of that name already.")
        raise Refused(sentence, code="same_name", field="name") from None
    return saved


def _checked(name: str, text: str) -> tuple[str, str]:
    name, words = " ".join(logic.clean(name).split()), logic.clean(text)
    if not name or len(name) > 80:
        raise Refused(_("Give it a short name."), code="name", field="name")
    if not words:
        raise Refused(_("Write something first."), code="empty", field="text")
    if len(words) > logic.LONGEST_SAVED:
        raise Refused(_("Keep it within 2,000 characters."), code="too_long", field="text")
    if strange := logic.unknown_places(words):
        sentence = _("Koor can't fill in %(place)s. Choose one of the words below.") % {"place": strange[0]}
        raise Refused(sentence, code="place", field="text")
    return name, words
