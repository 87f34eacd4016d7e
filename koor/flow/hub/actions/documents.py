"""Documents: one comes into the library, and pages of one become pictures for a place that takes no documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic, tasks
from koor.flow.hub.actions.captures import keep
from koor.flow.hub.actions.items import fields_of
from koor.flow.hub.choices import ItemKind, MediumKind, Rights
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused
from koor.flow.hub.media.renditions import make
from koor.flow.hub.models import Item, Medium, Page
from koor.ground.contacts.models import Project
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, files, jobs
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once


def add_document(
    *,
    by: Person,
    document: Photo,
    title: str,
    alt: str,
    text: str = "",
    project: Project | None = None,
    tags: Sequence[str] = (),
    rights_kind: str = Rights.OWN,
    rights: str = "",
    rights_until: date | None = None,
    once: str = "",
) -> Item:
    """A PDF, kept at once and made ready by a job: a clean copy, and pictures of its pages. Refused without a title or
    words for who can't see it, and when its first bytes say that it is something else or too large."""
    require(access.may_show(by))
    fields = fields_of(title=title, text=text, rights=rights)
    _check_words(fields["title"], alt)
    given = {"rights_kind": rights_kind, "rights_until": rights_until, "tags": logic.tags_of(", ".join(tags))}

    def begin() -> Item:
        kept = files.store(document.content, mime="application/octet-stream", name=document.name)
        _check_file(files.head(document.content, allowed.HEAD_BYTES), kept.size)
        made = Item.objects.create(
            kind=ItemKind.DOCUMENT, by=by, project=project, made_at=clock.now(), **fields, **given
        )
        said = {"kind": MediumKind.DOCUMENT, "alt": alt.strip()[:1500]}
        medium = Medium.objects.create(item=made, by=by, upload=kept, **said)
        jobs.later(tasks.develop_medium, medium=medium.pk)
        audit.record(by=by, verb="hub.add_document", target=made, medium=medium.pk)
        return made

    with transaction.atomic():
        pk, _new = done_once(f"hub.add_document:{by.pk}", once, fields, begin)
    return Item.objects.get(pk=pk)


def _check_words(title: str, alt: str) -> None:
    if not title:
        raise Refused(_("Give the document a title."), code="no_title", field="title")
    if not alt.strip():
        sentence = _("Say in a few words what the document shows, for who can't see it.")
        raise Refused(sentence, code="alt", field="alt")


def _check_file(head: bytes, size: int) -> None:
    try:
        allowed.check_document(head, size)
    except PictureRefused as refusal:
        raise Refused(_(refusal.reason.sentence), code=refusal.reason.value, field="document") from refusal


def pages_as_pictures(*, by: Colleague, medium: Medium, most: int) -> list[Medium]:
    """The first pages of a document as pictures that go with a post, each made once; of the same item, so that who is
    in it and whose it is holds for them too. Raises MediaTrouble when it is worth trying again."""
    require(access.may_show(by))
    return [_picture_of(page, by) for page in medium.pages.select_related("file", "picture")[:most]]


def _picture_of(page: Page, by: Colleague) -> Medium:
    if page.picture is not None:
        return page.picture
    with TemporaryDirectory(prefix="koor-page-") as folder, files.local(page.file) as path:
        made = make(path, Path(folder), only=Kind.PHOTO)
        with transaction.atomic():
            found = (
                Page.objects.select_for_update(of=("self",)).select_related("medium__item", "picture").get(pk=page.pk)
            )
            if found.picture is None:
                whole = found.medium
                said = _("Page %(number)s: %(what)s") % {"number": found.number, "what": whole.alt}
                said = said if whole.alt else ""
                more = {"item_id": whole.item_id, "by_id": whole.by_id, "order": found.number}
                found.picture = Medium.objects.create(alt=said[:1500], **more)
                keep(found.picture, made, Path(folder))
                found.save(update_fields=["picture"])
                audit.record(by=by, verb="hub.picture_page", target=whole.item, medium=whole.pk, page=found.number)
    return found.picture
