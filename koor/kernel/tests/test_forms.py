"""A choice is drawn as Django draws it, also among thousands."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from koor.kernel.forms import Renderer


class Lunch(forms.Form):
    bread = forms.ChoiceField(
        choices=[("", "None"), ("b", "Brown & <dark>"), ("Rolls", [("k", "Kaiser"), ("s", "Soft")])], initial="k"
    )
    many = forms.MultipleChoiceField(choices=[(1, "One"), (2, "Two")], initial=[1, 2])
    guest = forms.TypedChoiceField(choices=[(n, f"Guest {n}") for n in range(6000)], required=False)


def test_a_choice_is_drawn_as_django_does() -> None:
    ours, theirs = Lunch(renderer=Renderer()), Lunch(renderer=DjangoTemplates())
    for name in ("bread", "many"):
        assert parse_html(str(ours[name])) == parse_html(str(theirs[name]))


def test_thousands_are_all_there() -> None:
    assert str(Lunch(renderer=Renderer())["guest"]).count("<option") == 6000
