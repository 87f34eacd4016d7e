"""What goes in and comes out of the API."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict


class Given(Schema):
    """What a program sends. A field that there is not is told, never passed over: it may have meant to say "once"."""

    model_config = ConfigDict(extra="forbid")


class PersonOut(Schema):
    id: int
    name: str
    email: str
    roles: list[str]
    job: str
    active: bool = Field(alias="is_active")


class AccountOut(Schema):
    id: int
    name: str
    connector: str
    purpose: str
    personal: bool
    state: str
    health: str


class TargetOut(Schema):
    id: int
    account: int
    state: str
    remote_id: str
    url: str
    attempts: int
    because: str = Field("", description="Why it waits for a person, in one word")
    note: str = Field("", description="The same in a sentence, where there is more to say")


class Confirmation(Given):
    """Somebody saw both posts and says why both may be seen."""

    why: str = Field(min_length=1, max_length=200)


class PostOut(Schema):
    id: int
    state: str
    language: str
    targets: list[TargetOut]


class OwnWords(Given):
    """What one account says instead of the common text."""

    account: int
    text: str = Field(max_length=20_000)


class PostIn(Given):
    """A post for one or more accounts."""

    text: str = Field(max_length=20_000)
    accounts: list[int] = Field(min_length=1, max_length=50)
    texts: list[OwnWords] = Field(default_factory=list, max_length=50)
    at: datetime | None = Field(None, description="Local wall time in the house's zone, without an offset; empty: now")
    link: str = Field("", max_length=1000)
    title: str = Field("", max_length=160)
    language: str = Field("", max_length=3, description="Such as `nl`; empty: as the words are")
    item: int | None = Field(None, description="A library item whose pictures go along")


class CaptureOut(Schema):
    id: int
    client_id: UUID
    state: str
    sentence: str
    reason: str


class ContactOut(Schema):
    id: int
    name: str
    role: str
    place: str


class MentionOut(Schema):
    id: int
    author: str
    handle: str
    text: str
    url: str
    language: str
    said_at: datetime
    label: str
    source: str


class MentionsOut(Schema):
    mentions: list[MentionOut]
    before: str = Field(description="Give this as `before` to get the next, older page; empty: there is none")


class ConversationOut(Schema):
    id: int
    contact: int | None = Field(alias="contact_id")
    state: str
    assignee: int | None = Field(alias="assignee_id")
    channel: str
    waiting_since: datetime | None
    last_at: datetime
    preview: str
