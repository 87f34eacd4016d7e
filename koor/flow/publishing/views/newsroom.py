"""The newsroom: public pages, feeds and the map for search engines. Nobody signs in here; nothing is written."""

import hashlib
import json
from typing import Any
from xml.etree import ElementTree as xml

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from django.views.decorators.http import condition, require_safe

from koor.flow.publishing.queries import links, newsroom
from koor.flow.publishing.queries.corrections import Told
from koor.flow.publishing.queries.newsroom import Article
from koor.ground.people.models import House
from koor.ground.people.queries import house
from koor.kernel import numbers
from koor.kernel.access import NotFound

PER_PAGE = 13  # one in front, those beside it, the others below
BESIDE = 5  # as many as stand beside a picture with its title
ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
FRESH = 60  # seconds that anybody may keep a page


def absolute(path: str) -> str:
    return f"{settings.KOOR_URL}{path}"


def _address(article: Article) -> str:
    return absolute(reverse("publishing:article", args=[article.slug]))


def public(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Pages for strangers may be kept for a minute; whoever is signed in gets their own."""
    if not request.user.is_authenticated:
        patch_cache_control(response, public=True, max_age=FRESH)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The newest in front, the work behind it. In the language of the house, as the articles are."""
    page = numbers.within(request.GET.get("page", ""), 1000)
    found = newsroom.articles((page - 1) * PER_PAGE, page * PER_PAGE + 1)
    if page > 1 and not found:
        raise NotFound
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    ours = house()
    context = {
        "lead": shown[0] if shown else None,
        "shorts": shown[1 : 1 + BESIDE],
        "earlier": shown[1 + BESIDE :],
        "makers": newsroom.makers(shown),
        "page": page,
        "previous": page - 1,
        "next": page + 1 if more else 0,
        "address": absolute(reverse("publishing:newsroom")),
        "data": _data(_organisation(ours)),
        "image": absolute(shown[0].picture.url) if shown and shown[0].picture else "",
    }
    with override(ours.language):
        return public(request, render(request, "publishing/newsroom/front.html", context))


def _organisation(ours: House) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": ours.name,
        "description": ours.what,
        "url": absolute(reverse("publishing:newsroom")),
    }


@login_not_required
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    ours = house()
    with override(ours.language):
        try:
            found = newsroom.article(slug)
        except newsroom.Gone as gone:
            return render(request, "publishing/newsroom/gone.html", {"why": gone.why}, status=410)
        context = {"article": found, "address": _address(found), "data": _data(_structured(found))}
        context["image"] = absolute(found.picture.url) if found.picture else ""
        return public(request, render(request, "publishing/newsroom/article.html", context))


def _structured(found: Article) -> dict[str, Any]:
    """NewsArticle as schema.org describes it."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": found.title[:110],
        "datePublished": found.at.isoformat(),
        "dateModified": found.changed_at.isoformat(),
        "inLanguage": found.language,
        "author": {"@type": "Person", "name": found.by.name, "jobTitle": found.by.job},
        "publisher": _publisher(),
        "image": [absolute(picture.url) for picture in found.pictures],
        "mainEntityOfPage": _address(found),
        **({"correction": [_correction(one) for one in found.corrections]} if found.corrections else {}),
    }


def _publisher() -> dict[str, Any]:
    ours = house()
    logo = {"logo": absolute(ours.logo_url)} if ours.logo_url else {}
    return {"@type": "Organization", "name": ours.name, **logo}


def _correction(one: Told) -> dict[str, Any]:
    return {"@type": "CorrectionComment", "text": one.note, "datePublished": one.at.isoformat()}


SCRIPT_SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def _data(facts: dict[str, Any]) -> SafeString:
    """Structured data as a block that no browser runs; nothing in it can end the block."""
    written = json.dumps(facts, ensure_ascii=False).translate(SCRIPT_SAFE)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308 just escaped


def _content(found: Article) -> SafeString:
    """An article as markup for a feed: escaped paragraphs and pictures."""
    pictures = format_html_join(
        "", '<p><img src="{}" alt="{}"></p>', ((absolute(p.url), p.alt) for p in found.pictures)
    )
    notes = format_html_join("", "<p><strong>{}:</strong> {}</p>", ((n.label, n.note) for n in found.corrections))
    words = format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in found.paragraphs or (found.title,)))
    link = format_html('<p><a href="{0}">{0}</a></p>', found.link) if found.link else ""
    documents = format_html_join(
        "", '<p><a href="{}">{} (PDF)</a></p>', ((absolute(d.url), d.alt or found.title) for d in found.documents)
    )
    return format_html("{}{}{}{}{}", notes, words, link, pictures, documents)


def _changed(request: HttpRequest, **_rest: Any) -> Any:
    return newsroom.updated_at()


def _mark(request: HttpRequest, **_rest: Any) -> str:
    """An ETag: what was said, and what the house is called."""
    ours = house()
    said = f"{newsroom.change()}|{ours.name}|{ours.what}|{ours.language}|{settings.KOOR_URL}|{links.manner().hub}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


@login_not_required
@require_safe
@condition(etag_func=_mark, last_modified_func=_changed)
def atom(request: HttpRequest) -> HttpResponse:
    """All newsroom accounts as one Atom feed (RFC 4287)."""
    ours, found = house(), newsroom.articles(0, newsroom.FEED_LENGTH, whole=True)
    xml.register_namespace("", ATOM)
    feed = xml.Element(f"{{{ATOM}}}feed", {LANG: ours.language})
    _leaf(feed, "id", f"urn:uuid:{ours.identity}")
    _leaf(feed, "title", ours.name)
    _leaf(feed, "subtitle", ours.what) if ours.what else None
    _leaf(feed, "updated", (newsroom.updated_at() or ours.made_at).isoformat())
    _leaf(feed, "link", rel="self", href=absolute(reverse("publishing:atom")), type="application/atom+xml")
    _leaf(feed, "link", rel="alternate", href=absolute(reverse("publishing:newsroom")), type="text/html")
    if hub := links.manner().hub:
        _leaf(feed, "link", rel="hub", href=hub)
    for one in found:
        _entry(feed, one, str(ours.identity))
    content = xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return _with_hub(HttpResponse(content, content_type="application/atom+xml; charset=utf-8"), "publishing:atom")


def _with_hub(response: HttpResponse, name: str) -> HttpResponse:
    """Who follows the feed hears of changes by the hub (WebSub), where there is one."""
    if hub := links.manner().hub:
        response["Link"] = f'<{hub}>; rel="hub", <{absolute(reverse(name))}>; rel="self"'
    return response


def _entry(feed: xml.Element, one: Article, identity: str) -> None:
    entry = xml.SubElement(feed, f"{{{ATOM}}}entry", {LANG: one.language})
    _leaf(entry, "id", f"tag:{identity},2026:{one.pk}")
    _leaf(entry, "title", clean(one.title))
    _leaf(entry, "published", one.at.isoformat())
    _leaf(entry, "updated", one.changed_at.isoformat())
    _leaf(entry, "link", rel="alternate", href=_address(one), type="text/html")
    _leaf(xml.SubElement(entry, f"{{{ATOM}}}author"), "name", clean(one.by.name))
    for document in one.documents:
        whole = {"href": absolute(document.url), "type": document.mime, "length": str(document.bytes)}
        _leaf(entry, "link", rel="enclosure", title=clean(document.alt), **whole)
    _leaf(entry, "summary", clean(one.intro)) if one.intro else None
    _leaf(entry, "content", clean(_content(one)), type="html")


def _leaf(parent: xml.Element, name: str, text: str = "", **attributes: str) -> None:
    node = xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    node.text = text or None


def clean(text: str) -> str:
    """Without the control characters that XML 1.0 can't hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )


@login_not_required
@require_safe
@condition(etag_func=_mark, last_modified_func=_changed)
def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    ours = house()
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": ours.name,
        "description": ours.what,
        "home_page_url": absolute(reverse("publishing:newsroom")),
        "feed_url": absolute(reverse("publishing:json_feed")),
        "language": ours.language,
        "items": [_item(one) for one in newsroom.articles(0, newsroom.FEED_LENGTH, whole=True)],
    }
    if hub := links.manner().hub:
        feed["hubs"] = [{"type": "WebSub", "url": hub}]
    content = JsonResponse(
        feed, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )
    return _with_hub(content, "publishing:json_feed")


def _item(one: Article) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _address(one),
        "url": _address(one),
        "title": one.title,
        "summary": one.intro,
        "content_text": "\n\n".join(
            [
                *(f"{n.label}: {n.note}" for n in one.corrections),
                *(one.paragraphs or (one.title,)),
                *filter(None, [one.link]),
            ]
        ),
        "content_html": str(_content(one)),
        "date_published": one.at.isoformat(),
        "date_modified": one.changed_at.isoformat(),
        "authors": [{"name": one.by.name}],
        "language": one.language,
    }
    attached = [
        {"url": absolute(each.url), "mime_type": each.mime, "title": each.alt, "size_in_bytes": each.bytes}
        for each in one.documents
    ]
    item |= {"attachments": attached} if attached else {}
    return item | ({"image": absolute(one.picture.url)} if one.picture else {})


@login_not_required
@require_safe
@condition(etag_func=_mark, last_modified_func=_changed)
def sitemap(request: HttpRequest) -> HttpResponse:
    """All articles, for search engines (sitemaps.org)."""
    xml.register_namespace("", SITEMAP)
    root = xml.Element(f"{{{SITEMAP}}}urlset")
    _place(root, absolute(reverse("publishing:newsroom")), newsroom.updated_at())
    for slug, at in newsroom.published().values_list("slug", "published_at")[:49_000]:
        _place(root, absolute(reverse("publishing:article", args=[slug])), at)
    _place(root, absolute(reverse("publishing:corrections")), None)
    return HttpResponse(xml.tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml")


def _place(root: xml.Element, address: str, at: Any) -> None:
    node = xml.SubElement(root, f"{{{SITEMAP}}}url")
    xml.SubElement(node, f"{{{SITEMAP}}}loc").text = address
    if at is not None:
        xml.SubElement(node, f"{{{SITEMAP}}}lastmod").text = at.isoformat()


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines are welcome in the newsroom and nowhere else."""
    lines = ["User-agent: *", "Allow: /newsroom/", "Allow: /files/", "Allow: /s/", "Allow: /static/", "Disallow: /"]
    lines.append(f"Sitemap: {absolute(reverse('publishing:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
