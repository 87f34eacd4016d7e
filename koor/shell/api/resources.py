"""The operations of the API, each through the same queries and actions as the pages."""

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import File, Form, Header, Query
from ninja.files import UploadedFile

from koor.flow.conversations import queries as conversations
from koor.flow.hub import actions as hub
from koor.flow.hub import queries as library
from koor.flow.hub.logic import Photo
from koor.flow.listening import queries as listening
from koor.flow.publishing import actions as publishing
from koor.flow.publishing import queries as posts
from koor.ground.channels import queries as channels
from koor.ground.contacts import queries as contacts
from koor.ground.people import queries as people
from koor.ground.people.access import SignedIn
from koor.kernel.access import Refused
from koor.shell.api import shapes
from koor.shell.api.frame import MOST, PROBLEMS, api, spoken

Page = Annotated[int, Query(1, ge=1, le=1000, description=f"{MOST} rows a page")]
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=200)]


def _slice(page: int) -> slice:
    return slice((page - 1) * MOST, page * MOST)


@api.get("/me", response={200: shapes.PersonOut, **PROBLEMS}, tags=["people"])
@spoken
def me(request: SignedIn) -> Any:
    """The colleague whose token this is."""
    return request.user


@api.get("/people", response={200: list[shapes.PersonOut], **PROBLEMS}, tags=["people"])
@spoken
def list_people(request: SignedIn, page: Page) -> Any:
    """Active colleagues by name."""
    return list(people.colleagues(request.user)[_slice(page)])


@api.get("/accounts", response={200: list[shapes.AccountOut], **PROBLEMS}, tags=["channels"])
@spoken
def list_accounts(request: SignedIn, page: Page) -> Any:
    """Accounts that this colleague sees."""
    return list(channels.accounts_visible_to(request.user)[_slice(page)])


@api.post("/posts", response={200: shapes.PostOut, **PROBLEMS}, tags=["posts"])
@spoken
def create_post(request: SignedIn, body: shapes.PostIn, idempotency_key: Key) -> Any:
    """Write a post and let it go as far as this colleague may: out, or to their buddy.

    The same `Idempotency-Key` with the same content gives the same post; with other content 409."""
    if body.at is not None and body.at.tzinfo is not None:
        raise Refused(_("Give the local time of the house, without an offset."), code="not_local", field="at")
    found = [channels.account(request.user, pk) for pk in dict.fromkeys(body.accounts)]
    item = library.item(request.user, body.item) if body.item is not None else None
    words = {own.account: own.text for own in body.texts}
    made = publishing.create_post(
        by=request.user, text=body.text, accounts=found, texts=words, due_local=body.at, link=body.link,
        title=body.title, language=body.language, item=item, once=f"api:{idempotency_key}" if idempotency_key else "",
    )  # fmt: skip
    publishing.let_go_new(by=request.user, post=made)
    return posts.post_answer(posts.post(request.user, made.pk))


@api.get("/posts/{int:post_id}", response={200: shapes.PostOut, **PROBLEMS}, tags=["posts"])
@spoken
def show_post(request: SignedIn, post_id: int) -> Any:
    """A post with the state of each of its rows."""
    return posts.post_answer(posts.post(request.user, post_id))


@api.post("/targets/{int:target_id}/both-fine", response={200: shapes.PostOut, **PROBLEMS}, tags=["posts"])
@spoken
def both_fine(request: SignedIn, target_id: int, body: shapes.Confirmation) -> Any:
    """A row waits (`needs_person`, `alike`) because a colleague said almost the same: say why both are fine."""
    row = publishing.confirm_alike(by=request.user, target=posts.target(request.user, target_id), why=body.why)
    return posts.post_answer(posts.post(request.user, row.post_id))


@api.post("/captures", response={200: shapes.CaptureOut, **PROBLEMS}, tags=["library"])
@spoken
def capture(
    request: SignedIn,
    photos: File[list[UploadedFile]],
    client_id: Form[UUID],
    sentence: Annotated[str, Form("", max_length=500)],
) -> Any:
    """Show something of the work. The same `client_id` arrives once, however often it is sent."""
    shown = [Photo(photo.name or "photo", photo) for photo in photos]
    made = hub.capture(by=request.user, photos=shown, sentence=sentence, client_id=client_id)
    return _captured(made)


@api.get("/captures/{int:capture_id}", response={200: shapes.CaptureOut, **PROBLEMS}, tags=["library"])
@spoken
def show_capture(request: SignedIn, capture_id: int) -> Any:
    """What became of an own capture."""
    return _captured(library.capture(request.user, capture_id))


def _captured(made: Any) -> dict[str, Any]:
    return {
        "id": made.pk,
        "client_id": made.client_id,
        "state": made.state,
        "sentence": made.sentence,
        "reason": library.reason_sentence(made),
    }


@api.get("/contacts", response={200: list[shapes.ContactOut], **PROBLEMS}, tags=["contacts"])
@spoken
def list_contacts(request: SignedIn, page: Page, words: Annotated[str, Query("", max_length=200)]) -> Any:
    """People outside by name; `words` begin words of their name or organisation."""
    return list(contacts.contacts(request.user, words=words)[_slice(page)])


@api.get("/mentions", response={200: shapes.MentionsOut, **PROBLEMS}, tags=["listening"])
@spoken
def list_mentions(request: SignedIn, before: Annotated[str, Query("", max_length=80)]) -> Any:
    """What was said outside, newest first."""
    found = listening.stream(request.user, listening.Filters(), before)
    return {"mentions": [_mention(said.mention) for said in found.rows], "before": found.older or ""}


def _mention(one: Any) -> dict[str, Any]:
    plain = {
        name: getattr(one, name) for name in ("id", "author", "handle", "text", "url", "language", "said_at", "label")
    }
    return plain | {"source": one.source.name}


@api.get("/conversations", response={200: list[shapes.ConversationOut], **PROBLEMS}, tags=["conversations"])
@spoken
def list_conversations(request: SignedIn, page: Page, state: Annotated[str, Query("", max_length=10)]) -> Any:
    """Conversations that this colleague sees, latest first."""
    return list(conversations.listed(request.user, state=state)[_slice(page)])
