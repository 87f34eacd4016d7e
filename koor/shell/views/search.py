"""Search over everything that this person may see, room by room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from koor.kernel import search as registry

LONGEST = 200
PER_ROOM = 6


def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST]
    person = request.user
    found = registry.everywhere(person, words, PER_ROOM) if words else []
    backstage = getattr(person, "is_backstage", False)
    context = {
        "words": words,
        "found": found,
        "number": sum(len(hits) for _label, hits in found),
        "frame": "frame/back.html" if backstage else "frame/front.html",
        "backstage": backstage,
    }
    return render(request, "shell/search.html", context)
