"""The API: with a token, as its colleague, described, and never twice."""

import json
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from PIL import Image

from koor.flow.hub.models import Capture
from koor.flow.listening.models import Mention, Source
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.models import Post
from koor.ground.channels.models import Account
from koor.ground.people import actions as people
from koor.ground.people.models import Person, Token
from koor.kernel.models import AuditEntry
from koor.shell.wsgi import application
from tests.plugin import ALL


class Program:
    """A program that holds a colleague's token."""

    def __init__(self, person: Person) -> None:
        self.row, self.token = people.make_token(by=person, person=person, name="test")
        self.client = Client(headers={"authorization": f"Bearer {self.token}"})

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params)

    def post(self, path: str, body: Any, key: str = "") -> Any:
        headers = {"idempotency-key": key} if key else {}
        return self.client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def program(noon: datetime, bram: Person) -> Program:
    return Program(bram)


@pytest.fixture
def paper(noon: datetime, bram: Person) -> Account:
    return Account.objects.create(connector="paper", name="Paper", owner=bram, made_at=noon)


@pytest.mark.parametrize(
    "path", ["/me", "/people", "/accounts", "/posts/1", "/contacts", "/mentions", "/conversations"]
)
def test_without_a_token_nothing_is_told(path: str, noon: datetime, bram: Person, visit: Callable[..., Client]) -> None:
    for browser in (visit(None), visit(bram), Client(headers={"authorization": "Bearer koor_wrong"})):
        answer = browser.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, "no_token")
        assert "Bearer koor_" in answer.json()["sentence"]


def test_a_revoked_token_opens_nothing(program: Program) -> None:
    assert program.get("/me").json()["name"] == "Bram Wolters"
    people.revoke_token(by=program.row.person, token=program.row)
    assert program.get("/me").status_code == 401


def test_a_repeated_call_leaves_what_was_taken_back(program: Program, bram: Person, noon: datetime) -> None:
    news = Account.objects.create(connector="newsroom", name="Newsroom", owner=bram, made_at=noon)
    Person.objects.filter(pk=bram.pk).update(autonomy="buddy")
    body = {"text": "A cabinet with every group labelled.", "accounts": [news.pk]}
    made = program.post("/posts", body, key="k").json()
    assert made["state"] == "with_buddy"
    publishing.take_back(by=bram, post=Post.objects.get(pk=made["id"]))
    assert program.post("/posts", body, key="k").json()["state"] == "draft"


def test_a_post_is_made_once_for_one_key(program: Program, paper: Account) -> None:
    body = {"text": "A cabinet with every group labelled.", "accounts": [paper.pk]}
    first = program.post("/posts", body, key="k1")
    assert first.status_code == 200
    assert first.json()["targets"][0]["account"] == paper.pk
    assert program.post("/posts", body, key="k1").json()["id"] == first.json()["id"]
    other = program.post("/posts", body | {"text": "Something else."}, key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Post.objects.count() == 1
    assert program.get(f"/posts/{first.json()['id']}").json() == first.json()
    assert AuditEntry.objects.filter(verb="publishing.create_post", via="api").count() == 1


def test_a_field_that_is_not_there_is_told(program: Program, paper: Account) -> None:
    body = {"text": "Een ketel minder", "accounts": [paper.pk], "key": "once"}  # the key is a header
    answer = program.post("/posts", body)
    assert (answer.status_code, answer.json()["field"]) == (422, "body.key")
    assert answer.json()["sentence"] == "This is not asked for here."
    Person.objects.update(language="nl")
    assert program.post("/posts", body).json()["sentence"] == "Hier wordt niet om gevraagd."
    assert program.post("/posts", {}).json()["sentence"] == "Dit ontbreekt."
    assert program.get("/posts/0").json()["sentence"].startswith("Het is hier niet")
    assert not Post.objects.exists()


def test_a_moment_is_local_and_a_wrong_one_is_told(program: Program, paper: Account) -> None:
    body = {"text": "Later.", "accounts": [paper.pk]}
    planned = program.post("/posts", body | {"at": "2026-12-01T09:00:00"})
    assert planned.json()["state"] == "scheduled"
    offset = program.post("/posts", body | {"at": "2026-12-01T09:00:00+01:00"})
    assert (offset.status_code, offset.json()["field"]) == (422, "at")
    wrong = program.post("/posts", body | {"at": "soon"})
    assert wrong.status_code == 422


def test_somebody_elses_post_and_account_are_not_there(program: Program, henk: Person, noon: datetime) -> None:
    theirs = Account.objects.create(connector="paper", name="Henk's", owner=henk, personal=True, made_at=noon)
    answer = program.post("/posts", {"text": "Hello", "accounts": [theirs.pk]})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert program.get("/posts/999999").status_code == 404


def test_a_capture_arrives_once(program: Program) -> None:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    sent = {"client_id": str(uuid4()), "sentence": "Labelled."}
    answers = []
    for _time in range(2):
        out.seek(0)
        photo = BytesIO(out.read())
        photo.name = "cabinet.jpg"
        answers.append(program.client.post("/api/v1/captures", sent | {"photos": photo}).json())
    assert answers[0] == answers[1]
    assert Capture.objects.count() == 1
    assert program.get(f"/captures/{answers[0]['id']}").json()["state"] == "received"
    out.seek(0)
    nobody_keeps = {"client_id": str(uuid4()), "sentence": "Label\0led.", "photos": out}
    out.name = "cabinet.jpg"
    refused = program.client.post("/api/v1/captures", nobody_keeps)
    assert (refused.status_code, refused.json()["code"]) == (400, "not_readable")


def test_what_a_colleague_does_not_see_a_program_does_not_see(
    program: Program, marloes: Person, noon: datetime
) -> None:
    source = Source.objects.create(name="file", kind="file", made_at=noon)
    Mention.objects.create(source=source, external_id="1", author="Els", text="Hello", said_at=noon, stored_at=noon)
    assert program.get("/mentions").json()["mentions"] == []
    assert [one["author"] for one in Program(marloes).get("/mentions").json()["mentions"]] == ["Els"]
    assert Program(marloes).get("/conversations").json() == []


def test_an_unknown_address_answers_in_json(program: Program) -> None:
    answer = program.get("/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/json")


def test_it_is_described_for_everyone(db: None, visit: Callable[..., Client]) -> None:
    described = visit(None).get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/posts", "/api/v1/captures"} <= set(described["paths"])


@pytest.mark.broad
@pytest.mark.django_db(transaction=True)
def test_whatever_is_sent_the_answer_is_as_described(program: Program, marloes: Person, paper: Account) -> None:
    """A bounded number of hostile requests an operation, made from the description itself."""
    import schemathesis  # half a second for each process that gathers tests

    token = Program(marloes).token
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    few = settings(
        max_examples=20 if ALL else 4,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )

    def send(case: Any) -> None:
        refused = [schemathesis.checks.CHECKS.get_one("positive_data_acceptance")]  # a rule of the house may say no
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=refused)

    for described in schema.get_all_operations():
        few(given(case=described.ok().as_strategy())(send))()


def test_a_tokens_use_is_noted(program: Program) -> None:
    program.get("/me")
    assert Token.objects.get().used_at is not None
