"""The newsroom."""

from django.http import HttpRequest, HttpResponse


def article(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("")
