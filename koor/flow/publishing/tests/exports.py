"""Small exports, made by hand after what platforms give. Sources and dates: docs/how-to/bring-in-what-was-said.md."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image


def photo(colour: str = "teal") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG")
    return made.getvalue()


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tweet(number: str, text: str, **more: Any) -> dict[str, Any]:
    said = {"id_str": number, "full_text": text, "created_at": "Wed Mar 05 09:30:00 +0000 2014", "lang": "nl"}
    return {"tweet": said | more}


def of_x(path: Path, *more: dict[str, Any]) -> Path:
    """As X gives it: `data/tweets.js`, media beside it under number and name."""
    media = [
        {"url": "https://t.co/p", "media_url_https": "https://pbs.twimg.com/media/Ab.jpg", "ext_alt_text": "Een ketel"}
    ]
    rows = [
        tweet("101", "Nieuwe ketel &amp; frisse lucht https://t.co/a https://t.co/p",
              extended_entities={"media": media},
              entities={"urls": [{"url": "https://t.co/a", "expanded_url": "https://reurslag.example/ketel"}]}),
        tweet("102", "RT @ander: van een ander"),
        tweet("103", "@klant Dank je", in_reply_to_status_id_str="99"),
        *more,
    ]  # fmt: skip
    account = [{"account": {"username": "reurslag"}}]
    return zipped(path, {
        "data/account.js": "window.YTD.account.part0 = " + json.dumps(account),
        "data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps(rows),
        "data/tweets_media/101-Ab.jpg": photo(),
        "data/direct-messages.js": "window.YTD.direct_messages.part0 = []",
    })  # fmt: skip


def of_mastodon(path: Path) -> Path:
    public = ["https://www.w3.org/ns/activitystreams#Public"]

    def create(number: int, content: str, **more: Any) -> dict[str, Any]:
        note = {"id": f"https://social.example/users/r/statuses/{number}", "type": "Note", "content": content,
                "published": "2019-05-06T07:08:09Z", "to": public, "inReplyTo": None,
                "url": f"https://social.example/@r/{number}", "attachment": []}  # fmt: skip
        return {"type": "Create", "object": note | more}

    picture = {
        "type": "Document",
        "mediaType": "image/jpeg",
        "url": "/media_attachments/files/1/original/a.jpg",
        "name": "Dak",
    }
    items = [
        create(1, "<p>Op het dak</p><p>met <a href='https://x.example'>zon</a></p>", attachment=[picture]),
        create(2, "<p>Alleen voor volgers</p>", to=["https://social.example/users/r/followers"]),
        create(3, "<p>Antwoord</p>", inReplyTo="https://elsewhere.example/1"),
        {"type": "Announce", "object": "https://elsewhere.example/2"},
        create(4, "<p>Kapot</p>", published="gisteren"),
    ]
    return zipped(path, {
        "outbox.json": json.dumps({"type": "OrderedCollection", "orderedItems": items}),
        "actor.json": json.dumps({"preferredUsername": "r"}),
        "media_attachments/files/1/original/a.jpg": photo("gold"),
    })  # fmt: skip


def of_linkedin(path: Path) -> Path:
    shares = (
        "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\r\n"
        "2021-02-03 10:11:12,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A1,"
        '"Eerste regel""\n""Tweede regel",https://reurslag.example/a,,MEMBER_NETWORK\r\n'
        "2021-02-04 10:11:12,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A2,Voor kennissen,,,CONNECTIONS\r\n"
    )
    return zipped(path, {"Shares.csv": shares, "Connections.csv": "First Name,Last Name\r\nEls,Bos\r\n"})


def of_facebook(path: Path) -> Path:
    broken = "Café in de wijk".encode().decode("latin-1")  # as Facebook writes it
    medium = {"uri": "this_profile's_activity_across_facebook/posts/media/a.jpg", "description": broken}
    rows = [
        {"timestamp": 1400000000, "data": [{"post": broken}], "attachments": [{"data": [{"media": medium}]}]},
        {"timestamp": 1400000001, "data": [], "title": "heeft iets gedeeld"},
    ]
    folder = "this_profile's_activity_across_facebook/posts"
    return zipped(path, {f"{folder}/profile_posts_1.json": json.dumps(rows), f"{folder}/media/a.jpg": photo("navy")})


def of_google_plus(path: Path) -> Path:
    public = {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_PUBLIC"}]}}
    post = {
        "url": "https://plus.google.com/+Reurslag/posts/abc",
        "creationTime": "2013-04-05 12:00:00+0200",
        "content": "Onze <b>eerste</b> pomp<br>draait",
        "media": {"url": "https://lh3.example/x", "contentType": "image/*", "localFilePath": "a.jpg"},
        "postAcl": public,
    }
    circle = post | {"url": "https://plus.google.com/+Reurslag/posts/def", "postAcl": {"collectionAcl": {}}}
    page = (
        '<div class="header"><a href="https://plus.google.com/1/posts/ghi">2012-01-02 03:04:05+0100</a></div>'
        '<div class="main-content">Van een pagina</div>'
    )
    folder = "Takeout/Google+ Stream/Posts"
    return zipped(path, {
        f"{folder}/1.json": json.dumps(post), f"{folder}/2.json": json.dumps(circle),
        f"{folder}/a.jpg": photo("olive"), f"{folder}/3.html": page,
    })  # fmt: skip
