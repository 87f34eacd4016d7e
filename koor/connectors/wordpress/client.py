"""Asking a WordPress, and what its answers mean. Sources: README.md."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, NotSent, Outcome, Response, Session, Unclear, Verdict
from koor.ground.channels.logic import Failed as Failed

READ_SECONDS = 20.0
WRITE_SECONDS = 45.0
# Codes that WordPress gives before it keeps anything (read in its source, 6.1). Others, such as those of a plugin, may
# come after the page was made: they prove nothing.
REFUSALS = frozenset(
    {
        *(
            "rest_invalid_param",
            "rest_missing_callback_param",
            "rest_no_route",
            "rest_post_exists",
            "rest_invalid_json",
        ),
        *("rest_post_invalid_id", "rest_comment_invalid_id", "rest_comment_invalid_post_id", "rest_comment_closed"),
        *("rest_comment_content_invalid", "rest_comment_draft_post", "rest_comment_trash_post", "empty_content"),
        *("comment_content_column_length", "rest_upload_no_data", "rest_upload_unknown_error"),
        *("rest_upload_sideload_error", "rest_upload_file_too_big", "rest_upload_limited_space"),
        *("rest_upload_invalid_disposition", "rest_trash_not_supported"),
    }
)
GONE = frozenset({"rest_post_invalid_id", "rest_comment_invalid_id", "rest_already_trashed"})


def site(session: Session) -> str:
    """The site's address with its folder, `https://` unless http was written."""
    given = session.settings.get("site", "").strip()
    parts = urlsplit(given if "://" in given else f"https://{given}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('index.php').rstrip('/')}"


def host(session: Session) -> str:
    return urlsplit(site(session)).netloc


def ask(
    session: Session,
    method: str,
    route: str,
    query: Mapping[str, str] | None = None,
    *,
    seconds: float = READ_SECONDS,
    **body: Any,
) -> Response:
    """One request as our user. The route goes as a parameter, which also works where addresses are not rewritten.
    Raises `NotSent` or `Unclear`, as the door does."""
    url = f"{site(session)}/?{urlencode({'rest_route': f'/wp/v2/{route}', **(query or {})}, safe='/')}"
    pair = f"{session.settings.get('user', '').strip()}:{session.secrets.get('app_password', '')}"
    headers = {"Accept": "application/json", "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return session.http.request(method, url, headers=headers, timeout=seconds, **body)


def read(session: Session, route: str, query: Mapping[str, str] | None = None) -> Any:
    """What a GET answers, as JSON. Raises `Failed` for anything that is not a proper 200."""
    try:
        response = ask(session, "GET", route, query)
    except (NotSent, Unclear) as error:
        raise Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    fine = isinstance(found, list) or (isinstance(found, dict) and "id" in found and "error" not in found)
    if response.status == 200 and fine:
        return found
    raise failure(session, response)


def write(session: Session, route: str, method: str = "POST", **body: Any) -> Mapping[str, Any]:
    """What a write answers: the thing itself, made (201) or as it is now (200). Raises `Failed`."""
    try:
        response = ask(session, method, route, seconds=WRITE_SECONDS, **body)
    except NotSent as error:
        raise Failed(logic.not_reached(error)) from error
    except Unclear as error:
        raise Failed(logic.unknown(str(error))) from error
    found = logic.json_of(response)
    if response.status in (200, 201) and isinstance(found, dict) and is_whole(found):
        return found
    raise failure(session, response)


def is_whole(found: Mapping[str, Any]) -> bool:
    """Whether this is something of the site with its own number, and no error and no page of another program."""
    return isinstance(found.get("id"), int) and bool({"link", "slug", "post"} & set(found)) and "code" not in found


def failure(session: Session, response: Response) -> Failed:
    """An answer that is not what was asked for, with WordPress's code where it has one."""
    entity = logic.json_of(response)
    code = entity.get("code") if isinstance(entity, dict) else None
    named = code if isinstance(code, str) else ""
    return Failed(refusal(session, response, named) or logic.unknown(brief(session, response)), code=named)


def refusal(session: Session, response: Response, code: str) -> Outcome | None:
    """What a documented "no" means; None for any answer that does not prove that nothing was kept."""
    said, no = brief(session, response), Verdict.DEFINITELY_NOT
    if response.status == 429 or code == "comment_flood":
        wait = logic.retry_after(response.headers, logic.moment_of(session))
        return Outcome(no, because=Because.RATE, retry_after=wait, answer=said)
    if response.status in (401, 403):
        return Outcome(no, because=Because.AUTH, answer=said)
    if 400 <= response.status < 600 and code in REFUSALS:
        return Outcome(no, because=Because.REJECTED, answer=said)
    return None


def brief(session: Session, response: Response) -> str:
    """One line for the log: the status, WordPress's code and its sentence, without the password."""
    entity = logic.json_of(response)
    told = [entity.get(key) for key in ("code", "message")] if isinstance(entity, dict) else []
    said = " ".join(logic.plain_text(one) for one in told if isinstance(one, str))
    secret = session.secrets.get("app_password", "")
    said = said.replace(secret, "…") if secret else said
    return f"{response.status}: {' '.join(said.split())[:160]}" if said else str(response.status)


def me(session: Session) -> Mapping[str, Any]:
    """Our own user. Raises `Failed`."""
    found = read(session, "users/me", {"context": "edit"})
    if isinstance(found, dict) and isinstance(found.get("id"), int):
        return found
    raise Failed(logic.unknown("no user in the answer"))
