"""Write the folder of a new connector: `make connector NAME=brink`, or `python -m tools.connector brink`.

What it writes works against an interface as many platforms have it: a token, a post, a timeline to read back. The
contract suite passes as soon as its real parts are filled in: what the platform is, where the facts come from, and what
its README tells. docs/how-to/add-a-platform.md takes you through it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "koor" / "connectors"
NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")

INIT = '''"""%(title)s."""
'''

MANIFEST = '''"""What %(title)s is, and what a program may do there. Facts with source and date: README.md."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, TriedAgainst
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="%(name)s",  # the folder's name, for ever: accounts remember it
    name="%(title)s",
    what="",  # fill in: _("One sentence: what this platform is and who is there.")
    why_people="",  # fill in: why people are there
    works_well="",  # fill in: what works well there
    # The one that matters: what happens when the answer to a post gets lost? See the table in the how-to.
    delivery=Delivery.READABLE,
    limits=Limits(characters=500, media=0),
    asks=(
        Asked("server", _("Address of the server"), _("Such as https://example.org"), default="https://api.example"),
        Asked("token", _("Access token"), secret=True),
    ),
    publishes=True,
    checks=True,
    api_version="",
    checked_on=None,  # fill in: date(2026, 11, 20), the day on which you looked
    source="",  # fill in: where the facts come from
    tried_against=TriedAgainst.DOCUMENTATION,  # the truth, not the hope
)
'''

CLIENT = '''"""Asking %(title)s, and what its answers mean. Sources: README.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict


class Failed(Exception):
    """A question that was not answered as documented; `outcome` says what that means."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.answer)
        self.outcome = outcome


def ask(session: Session, method: str, path: str, **body: Any) -> Response:
    """One request as our account. The secret goes in a header, never in the address."""
    url = session.settings.get("server", "").rstrip("/") + path
    headers = {"Accept": "application/json", "Authorization": f"Bearer {session.secrets.get('token', '')}"}
    return session.http.request(method, url, headers=headers, **body)


def read(session: Session, path: str) -> Any:
    """What a GET answers, as JSON. Raises `Failed` for anything that is not a proper 200."""
    try:
        response = ask(session, "GET", path)
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, list | dict) and "error" not in found:
        return found
    raise Failed(refusal(session, response) or logic.unknown(logic.brief(response, session)))


def write(session: Session, path: str, **body: Any) -> Mapping[str, Any]:
    """What a POST answers: the thing that was made. Raises `Failed`; what is not proven is unknown."""
    try:
        response = ask(session, "POST", path, **body)
    except NotSent as error:
        raise Failed(logic.not_reached(error)) from error
    except Unclear as error:
        raise Failed(logic.unknown(str(error))) from error
    found = logic.json_of(response)
    if response.status in (200, 201) and isinstance(found, dict) and found.get("id") and "error" not in found:
        return found
    raise Failed(refusal(session, response) or logic.unknown(logic.brief(response, session)))


def refusal(session: Session, response: Response) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was made."""
    said, no = logic.brief(response, session), Verdict.DEFINITELY_NOT
    if response.status in (401, 403) and logic.json_of(response) is not None:
        return Outcome(no, because=Because.AUTH, answer=said)
    if response.status == 429:
        wait = logic.retry_after(response.headers, session.now or datetime.now(UTC))
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=said)
    return None
'''

PUBLISH = '''"""Posting on %(title)s once: sent in one request, and looked for before it is ever sent again."""

from __future__ import annotations

from koor.connectors.%(name)s import client
from koor.connectors.%(name)s.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    CannotKnow,
    Draft,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)


def prepare(session: Session, draft: Draft) -> Prepared:
    """Harmless and repeatable: check the limits. Media are uploaded here; what `send` needs goes into the handle."""
    limits = session.limits or MANIFEST.limits
    return logic.problem(draft, limits, logic.length(draft, limits)) or Prepared()


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one request that makes it public."""
    try:
        made = client.write(session, "/api/posts", json={"text": wording(attempt.draft)})
    except client.Failed as failed:
        return failed.outcome
    return Outcome(Verdict.DONE, str(made["id"]), str(made.get("url") or ""), answer="made")


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look on our own timeline for what this attempt may have made."""
    try:
        rows = client.read(session, "/api/posts?mine=1")
    except client.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    if not isinstance(rows, list):
        return CannotKnow("no list in the answer")
    for row in (row for row in rows if isinstance(row, dict)):
        number = str(row.get("id") or "")
        since = logic.moment(row.get("created_at"))
        ours = row.get("text") == wording(attempt.draft) and number and number not in attempt.taken
        if ours and since is not None and since >= attempt.started_at:
            return Seen(number, str(row.get("url") or ""))
    return NotSeen()


def wording(draft: Draft) -> str:
    """The text with its link, as it stands there."""
    return f"{draft.text}\\n\\n{draft.link}" if draft.link and draft.link not in draft.text else draft.text
'''

CHECK = '''"""Does the account work, and as whom."""

from __future__ import annotations

from koor.connectors.%(name)s import client
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("The platform no longer accepts the credentials of this account."),
    Because.RATE: _("The server asks to wait a little."),
}


def check(session: Session) -> Health:
    """One look at ourselves. A server that is away for a moment is `NOT_REACHED`, and passes."""
    try:
        us = client.read(session, "/api/me")
    except client.Failed as failed:
        because = failed.outcome.because if failed.outcome.because in SENTENCES else Because.NOT_REACHED
        sentence = SENTENCES.get(because, _("The server could not be reached: %%(answer)s"))
        return Health(False, sentence, {"answer": failed.outcome.answer}, because)
    if not isinstance(us, dict) or not us.get("id"):
        sentence = _("The server could not be reached: %%(answer)s")
        return Health(False, sentence, {"answer": "no account in the answer"}, Because.NOT_REACHED)
    return Health(True, handle=str(us.get("name") or ""), url=str(us.get("url") or ""))
'''

TESTS = '''"""How %(title)s answers, as it documents it. What every connector keeps is in tests/connectors."""

from datetime import UTC, datetime

from koor.connectors.%(name)s import check, publish
from koor.ground.channels.contract import Attempt, Draft, NotSeen, Prepared, Seen, Session, Verdict
from tests.connectors.scripted import Scripted, answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MADE = {"id": "12", "url": "https://api.example/12", "text": "Hallo", "created_at": "2026-11-24T12:00:05Z"}


def session(reply: object) -> Session:
    return Session(Scripted(reply), 1, {"server": "https://api.example"}, {"token": "t"}, now=NOON)


def attempt(text: str = "Hallo", **more: frozenset[str]) -> Attempt:
    return Attempt(1, "key-1", Draft(text), Prepared(), NOON, **more)


def test_posted() -> None:
    outcome = publish.send(session(answer(201, MADE)), attempt())
    assert (outcome.verdict, outcome.remote_id, outcome.url) == (Verdict.DONE, "12", "https://api.example/12")


def test_found_by_its_words_and_its_moment() -> None:
    there = session(answer(200, [MADE]))
    assert publish.find(there, attempt()) == Seen("12", "https://api.example/12")
    assert publish.find(there, attempt("Iets anders")) == NotSeen()
    assert publish.find(there, attempt(taken=frozenset({"12"}))) == NotSeen()


def test_as_whom() -> None:
    assert check.check(session(answer(200, {"id": "1", "name": "@reurslag"}))).handle == "@reurslag"
'''

README = """# %(title)s

## Connect

## What works

## What does not

## Never twice

## Counting

## Tried against

## Sources
"""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6">'
    '<circle cx="12" cy="12" r="8"/></svg>\n'
)

FILES = {
    "__init__.py": INIT,
    "manifest.py": MANIFEST,
    "client.py": CLIENT,
    "publish.py": PUBLISH,
    "check.py": CHECK,
    "tests.py": TESTS,
    "README.md": README,
}


def write(name: str, folder: Path = FOLDER) -> Path:
    """The folder of a new connector. Raises ValueError for a name that can't be one, or that is there."""
    if not NAME.fullmatch(name):
        raise ValueError(f"“{name}” can't be a folder: small letters, digits and _, such as my_platform.")
    made = folder / name
    if made.exists():
        raise ValueError(f"{made} is there already; nothing was changed.")
    made.mkdir()
    words = {"name": name, "title": name.replace("_", " ").capitalize()}
    for file, text in FILES.items():
        (made / file).write_text(text % words)
    (made / "icon.svg").write_text(ICON)
    return made


def main() -> int:
    try:
        made = write(sys.argv[1] if len(sys.argv) > 1 else "")
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(f"{made} is made. Fill in manifest.py and README.md, then: .venv/bin/pytest tests/connectors -k {made.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
