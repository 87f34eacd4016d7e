"""A session is open until it expires; a key that nobody was given opens nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from koor.shell.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_is_found_with_one_question(django_assert_num_queries: Any) -> None:
    made = SessionStore()
    made["language"] = "en"
    made.save()
    with django_assert_num_queries(1):
        assert SessionStore(made.session_key).get("language") == "en"


def test_an_expired_session_or_a_made_up_key_opens_nothing() -> None:
    made = SessionStore()
    made["language"] = "en"
    made.save()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for key in (made.session_key, "x" * 32, "' or 1=1 --"):
        asked = SessionStore(key)
        assert asked.get("language") is None
        assert asked.session_key is None
