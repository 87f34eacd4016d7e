"""What is the same in many rows is drawn once a page."""

from types import SimpleNamespace
from typing import Any

from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

ROWS = (
    "{% for row in rows %}{% alike row.label with number=row.pk name=row.name said=row.said %}"
    '<a href="{{ number }}">{% if row.label %}!{% endif %}{{ name }}</a>{{ said }}{% spy %}{% endalike %}{% endfor %}'
)


def _drawn(rows: list[Any]) -> str:
    source = ROWS.replace("{% spy %}", "{{ spy.seen }}")
    context = Context({"rows": rows, "spy": Spy(), "request": RequestFactory().get("/")})
    return Template(source).render(context)


class Spy:
    """Counts how often it is looked at."""

    times = 0

    @property
    def seen(self) -> int:
        self.times += 1
        return self.times


def _row(pk: int, name: str, label: str = "", said: str = "x") -> SimpleNamespace:
    return SimpleNamespace(pk=pk, name=name, label=label, said=said)


def test_a_look_is_drawn_once_and_filled_in() -> None:
    drawn = _drawn([_row(1, "Els"), _row(2, "Rob"), _row(3, "Bo", "ohoh"), _row(4, "Jan", "ohoh")])
    assert drawn == '<a href="1">Els</a>x1<a href="2">Rob</a>x1<a href="3">!Bo</a>x2<a href="4">!Jan</a>x2'


def test_values_are_escaped_in_every_row() -> None:
    drawn = _drawn([_row(1, "<b>", said="a & b"), _row(2, "<i>", said=mark_safe("<em>c</em>"))])
    assert drawn == '<a href="1">&lt;b&gt;</a>a &amp; b1<a href="2">&lt;i&gt;</a><em>c</em>1'


def test_without_a_request_it_is_drawn_each_time() -> None:
    context = Context({"rows": [_row(1, "Els"), _row(2, "Rob")]})
    assert Template(ROWS.replace("{% spy %}", "")).render(context) == '<a href="1">Els</a>x<a href="2">Rob</a>x'
