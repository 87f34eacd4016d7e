"""The shell's own pages: Today, search, settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from koor.kernel import panels


def today(request: HttpRequest) -> HttpResponse:
    """At most three things worth doing now."""
    return render(request, "shell/today.html", {"todos": panels.todos_of(request.user)[:3]})
