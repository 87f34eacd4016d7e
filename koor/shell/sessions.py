"""Sessions in the database as Django keeps them; every page asks for one, so the statement is written once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from koor.kernel import written


@written.once("key", "moment")
def _open(key: Any, moment: Any) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=moment)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found: list[Session] = _open(self.session_key, timezone.now()).rows()
        if not found:
            self._session_key = None
        return found[0] if found else None
