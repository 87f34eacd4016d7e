"""Two contacts become one, and can be two again for ever.

Every row of the house that points at the contact who goes is pointed at the one who is kept, in whatever room it lives:
Django knows all foreign keys, so no room has to be named here. What was moved is written down by number; undoing moves
back what is still there. What cannot move, because the one kept has its like already, stays where it is."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from koor.ground.contacts import queries
from koor.ground.contacts.access import may_join, may_undo_merge
from koor.ground.contacts.events import ContactsMerged, MergeUndone
from koor.ground.contacts.models import Acquaintance, Contact, Merge, NotSame, Tie
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require

BLANKS = ("organisation_id", "role", "email", "phone", "street", "place", "language", "face")
BY_HAND = {Acquaintance, Tie, Merge, NotSame, Contact}  # moved with care, or not at all


@transaction.atomic
def merge_contacts(*, by: Colleague, kept: Contact, gone: Contact, proof: dict[str, Any] | None = None) -> Merge:
    """`gone` becomes `kept`: handles, acquaintances, ties, projects, and all that other rooms hold of them.
    `proof`: why, when Koor does it or somebody said so."""
    require(may_join(by, kept, gone), _("The curator makes two people one."))
    kept, gone = _both(kept.pk, gone.pk)
    if gone.merged_into_id == kept.pk:
        return Merge.objects.get(gone=gone, undone_at__isnull=True)
    if kept == gone or gone.merged_into_id or kept.merged_into_id:
        raise Refused(_("These are one person already."), code="same")
    if kept.invented != gone.invented:
        raise Refused(_("One of these two was invented for an exercise: they are no one person."), code="invented")
    moved: dict[str, Any] = {
        "rows": {_name(field): ids for field in pointers() if (ids := _move(field, _ids(field, gone), kept.pk))},
        "acquaintances": _move_acquaintances(kept, gone),
        "ties": _move_ties(kept, gone),
        "fields": _fill(kept, gone),
    }
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    person = by if isinstance(by, Person) else None
    moved |= {"proof": proof} if proof else {}
    merge = Merge.objects.create(kept=kept, gone=gone, moved=moved, by=person, at=clock.now())
    audit.record(by=by, verb="contacts.merge_contacts", target=kept, gone=gone.name, gone_id=gone.pk)
    events.tell(ContactsMerged(merge.pk))
    return merge


@transaction.atomic
def undo_merge(*, by: Colleague, merge: Merge) -> Merge:
    """Two again. What came since stays with the one kept; what a later merge moved on comes back from there."""
    require(may_undo_merge(by, merge), _("The curator makes one person two again."))
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        return merge
    holder, gone = _both(queries.survivor(merge.kept).pk, merge.gone_id)
    for field in pointers():
        ids = merge.moved["rows"].get(_name(field), [])
        _move(field, field.model._base_manager.filter(pk__in=ids, **{field.attname: holder.pk}), gone.pk)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    _return_acquaintances(merge, holder, gone)
    _return_ties(merge, holder, gone)
    _empty(merge)
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    _never_again(merge, by)
    audit.record(by=by, verb="contacts.undo_merge", target=merge.kept, gone=gone.name, gone_id=gone.pk)
    events.tell(MergeUndone(merge.pk))
    return merge


def _never_again(merge: Merge, by: Colleague) -> None:
    """What somebody took apart is not joined or proposed again."""
    first, second = sorted((merge.kept_id, merge.gone_id))
    person = by if isinstance(by, Person) else None
    NotSame.objects.get_or_create(one_id=first, other_id=second, defaults={"by": person, "at": clock.now()})


def _both(first: int, second: int) -> tuple[Contact, Contact]:
    """Both rows, held; always in the same order, so that two merges at once wait instead of blocking each other."""
    rows = Contact.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([first, second])
    return rows[first], rows[second]


# --- every row that points at a contact ---


def pointers() -> list[models.ForeignKey[Any, Any]]:
    """The foreign keys of all rooms that point at a contact, hidden ones and those of many-to-many tables too."""
    relations: list[Any] = list(Contact._meta.get_fields(include_hidden=True))
    found = [each.field for each in relations if each.auto_created and not each.concrete and not each.many_to_many]
    return sorted((field for field in found if field.model not in BY_HAND), key=_name)


def _name(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


def _ids(field: Any, contact: Contact) -> models.QuerySet[Any]:
    return field.model._base_manager.filter(**{field.attname: contact.pk})  # type: ignore[no-any-return]


def _move(field: Any, rows: models.QuerySet[Any], to: int) -> list[int]:
    """Point these rows at a contact; the numbers of those that moved. All at once, else one by one."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids or _pointed(field, ids, to):
        return ids
    return [pk for pk in ids if _pointed(field, [pk], to)]


def _pointed(field: Any, ids: list[int], to: int) -> bool:
    try:
        with transaction.atomic():
            field.model._base_manager.filter(pk__in=ids).update(**{field.attname: to})
    except IntegrityError:
        return False
    return True


# --- who knows them ---


def _move_acquaintances(kept: Contact, gone: Contact) -> dict[str, Any]:
    """Who knew only the one who goes knows the one kept; the direct line of the one kept comes first."""
    known = {row.person_id: row for row in Acquaintance.objects.filter(contact=kept)}
    line = any(row.direct_line for row in known.values())
    moved, dropped, given = [], [], None
    for row in Acquaintance.objects.filter(contact=gone).order_by("pk"):
        if row.person_id in known:
            if row.direct_line and not line:
                given, line = known[row.person_id].pk, True
            continue
        if row.direct_line and line:
            row.direct_line = False
            dropped.append(row.pk)
        line = line or row.direct_line
        row.contact = kept
        row.save(update_fields=["contact", "direct_line"])
        moved.append(row.pk)
    if given is not None:
        Acquaintance.objects.filter(pk=given).update(direct_line=True)
    return {"moved": moved, "dropped": dropped, "given": given}


def _return_acquaintances(merge: Merge, holder: Contact, gone: Contact) -> None:
    said = merge.moved["acquaintances"]
    Acquaintance.objects.filter(pk=said["given"], contact=holder).update(direct_line=False)
    there = set(Acquaintance.objects.filter(contact=gone).values_list("person_id", flat=True))
    rows = Acquaintance.objects.filter(pk__in=said["moved"], contact=holder).exclude(person__in=there)
    rows.update(contact=gone)
    if not Acquaintance.objects.filter(contact=gone, direct_line=True).exists():
        Acquaintance.objects.filter(pk__in=said["dropped"][:1], contact=gone).update(direct_line=True)


# --- whom they know ---


def _ties(contact: Contact) -> Iterable[Tie]:
    return Tie.objects.filter(models.Q(contact=contact) | models.Q(other=contact)).order_by("pk")


def _move_ties(kept: Contact, gone: Contact) -> list[int]:
    return [row.pk for row in _ties(gone) if _retie(row, gone, kept)]


def _return_ties(merge: Merge, holder: Contact, gone: Contact) -> None:
    moved = set(merge.moved["ties"])
    for row in _ties(holder):
        if row.pk in moved:
            _retie(row, holder, gone)


def _retie(row: Tie, of: Contact, to: Contact) -> bool:
    """Change one end of a tie, when that gives no tie with oneself and none that is there already."""
    other = row.other_id if row.contact_id == of.pk else row.contact_id
    if other == to.pk:
        return False
    row.contact_id, row.other_id = sorted((to.pk, other))
    try:
        with transaction.atomic():
            row.save(update_fields=["contact", "other"])
    except IntegrityError:
        return False
    return True


# --- what is known of them ---


def _fill(kept: Contact, gone: Contact) -> dict[str, list[Any]]:
    """What was not known of the one kept is taken from the other; both notes are kept."""
    new = {name: getattr(gone, name) for name in BLANKS if getattr(gone, name) and not getattr(kept, name)}
    if gone.note and gone.note not in kept.note:
        new["note"] = "\n\n".join(part for part in (kept.note, gone.note) if part)[:4000]
    changed = {name: [getattr(kept, name), value] for name, value in new.items()}
    for name, value in new.items():
        setattr(kept, name, value)
    if new:
        kept.save(update_fields=[name.removesuffix("_id") for name in new])
    return changed


def _empty(merge: Merge) -> None:
    """Take back what was filled, where nobody changed it since."""
    kept = Contact.objects.get(pk=merge.kept_id)
    for name, (before, after) in merge.moved["fields"].items():
        if getattr(kept, name) == after:
            setattr(kept, name, before)
            kept.save(update_fields=[name.removesuffix("_id")])
