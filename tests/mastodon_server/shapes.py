"""The entities as JSON, complete in what the documentation calls required."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.mastodon_server import writing
from tests.mastodon_server.world import Account, Media, Notification, Poll, Status, World, stamp


def account(world: World, who: Account) -> dict[str, Any]:
    home = f"https://{who.domain}" if who.domain else world.base
    own = [s for s in world.statuses.values() if s.account == who.id]
    last = max((s.created for s in own), default=None)
    picture = f"{world.base}/avatars/{who.username}.png"
    return {
        "id": who.id,
        "username": who.username,
        "acct": who.acct,
        "display_name": who.display_name,
        "locked": False,
        "bot": who.bot,
        "group": False,
        "discoverable": True,
        "indexable": True,
        "created_at": "2024-01-01T00:00:00.000Z",
        "note": "",
        "url": f"{home}/@{who.username}",
        "uri": f"{home}/users/{who.username}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": len(who.followers),
        "following_count": len(who.following),
        "statuses_count": len(own),
        "last_status_at": datetime.fromtimestamp(last, UTC).date().isoformat() if last else None,
        "hide_collections": None,
        "emojis": [],
        "fields": [],
        "roles": [],
    }


def credential_account(world: World, who: Account) -> dict[str, Any]:
    source = {
        "privacy": "public",
        "sensitive": False,
        "language": None,
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
        "quote_policy": "public",
        "attribution_domains": [],
        "hide_collections": None,
        "discoverable": True,
        "indexable": True,
    }
    role = {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False}
    return {**account(world, who), "source": source, "role": role}


def media(world: World, item: Media) -> dict[str, Any]:
    ready = world.now() >= item.ready_at
    kind = "image" if item.mime.startswith("image/") else "video"
    address = f"{world.base}/files/{item.id}"
    size = {"width": 640, "height": 480, "size": "640x480", "aspect": 1.3333333333333333}
    return {
        "id": item.id,
        "type": kind,
        "url": address if ready else None,
        "preview_url": address,
        "remote_url": None,
        "meta": {"original": size, "small": size, "focus": {"x": 0.0, "y": 0.0}},
        "description": item.description or None,
        "blurhash": "UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}",
    }


def poll(world: World, item: Poll) -> dict[str, Any]:
    return {
        "id": item.id,
        "expires_at": stamp(item.expires_at),
        "expired": world.now() >= item.expires_at,
        "multiple": item.multiple,
        "votes_count": sum(item.votes),
        "voters_count": sum(item.votes),
        "voted": False,
        "own_votes": [],
        "options": [{"title": t, "votes_count": v} for t, v in zip(item.options, item.votes, strict=True)],
        "emojis": [],
    }


def status(world: World, item: Status, viewer: str = "", source: bool = False) -> dict[str, Any]:
    by = world.accounts[item.account]
    home = f"https://{by.domain}" if by.domain else world.base
    parent = world.statuses.get(item.in_reply_to)
    original = world.statuses.get(item.reblog_of)
    shaped = {
        "id": item.id,
        "created_at": stamp(item.created),
        "edited_at": stamp(item.edited) if item.edited else None,
        "in_reply_to_id": item.in_reply_to or None,
        "in_reply_to_account_id": parent.account if parent else None,
        "sensitive": item.sensitive,
        "spoiler_text": item.spoiler,
        "visibility": item.visibility,
        "language": item.language,
        "uri": f"{home}/users/{by.username}/statuses/{item.id}",
        "url": f"{home}/@{by.username}/{item.id}",
        "content": writing.marked_up(item.text, world.known(), world.base),
        "account": account(world, by),
        "media_attachments": [media(world, world.media[m]) for m in item.media],
        "mentions": [_mention(world, name) for name in writing.mentions(item.text) if name in world.known()],
        "tags": [{"name": tag, "url": f"{world.base}/tags/{tag}"} for tag in writing.tags(item.text)],
        "emojis": [],
        "card": None,
        "poll": poll(world, item.poll) if item.poll else None,
        "reblog": status(world, original, viewer) if original else None,
        "application": {"name": "Koor", "website": None},
        "filtered": [],
        **_tallies(world, item, viewer),
    }
    return {**shaped, "text": item.text} if source else shaped


def _tallies(world: World, item: Status, viewer: str) -> dict[str, Any]:
    boosts = [s for s in world.statuses.values() if s.reblog_of == item.id]
    return {
        "replies_count": sum(1 for s in world.statuses.values() if s.in_reply_to == item.id),
        "reblogs_count": len(boosts),
        "favourites_count": len(item.favourited_by),
        "quotes_count": 0,
        "favourited": viewer in item.favourited_by,
        "reblogged": any(s.account == viewer for s in boosts),
        "muted": False,
        "bookmarked": False,
        "pinned": False,
    }


def _mention(world: World, name: str) -> dict[str, Any]:
    who = world.account(name)
    home = f"https://{who.domain}" if who.domain else world.base
    return {"id": who.id, "username": who.username, "acct": who.acct, "url": f"{home}/@{who.username}"}


def notification(world: World, note: Notification) -> dict[str, Any]:
    about = world.statuses.get(note.status_id)
    shaped = {
        "id": note.id,
        "type": note.kind,
        "created_at": stamp(note.created),
        "group_key": f"ungrouped-{note.id}",
        "account": account(world, world.accounts[note.by]),
    }
    return {**shaped, "status": status(world, about, note.to)} if about else shaped


def instance(world: World) -> dict[str, Any]:
    rules = world.rules
    picture = f"{world.base}/thumbnail.png"
    return {
        "domain": world.base.split("://")[-1],
        "title": "Test",
        "version": rules.version,
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "A server for tests.",
        "usage": {"users": {"active_month": len(world.accounts)}},
        "thumbnail": {"url": picture, "blurhash": None, "versions": {"@1x": picture, "@2x": picture}},
        "icon": [{"src": picture, "size": "36x36"}],
        "languages": ["nl"],
        "configuration": _configuration(world),
        "registrations": {
            "enabled": False,
            "approval_required": False,
            "reason_required": None,
            "message": None,
            "min_age": None,
            "url": None,
        },
        "api_versions": {"mastodon": 7},
        "contact": {"email": "beheer@mastodon.example", "account": None},
        "rules": [],
    }


def _configuration(world: World) -> dict[str, Any]:
    rules = world.rules
    return {
        "urls": {
            "streaming": world.base.replace("http", "ws"),
            "status": None,
            "about": f"{world.base}/about",
            "privacy_policy": None,
            "terms_of_service": None,
        },
        "vapid": {
            "public_key": "BCkMmVdKDnKYwzVCDC99Iuc9GvId-x7-kKtuHnLgfF98ENiZp_aj-UNthbCdI70DqN1zUVis-x0Wrot2sBagkMc="
        },
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {
            "max_characters": rules.max_characters,
            "max_media_attachments": rules.max_media,
            "characters_reserved_per_url": writing.LINK_COUNTS,
        },
        "media_attachments": {
            "supported_mime_types": list(rules.mime_types),
            "description_limit": rules.description_limit,
            "image_size_limit": rules.image_bytes,
            "image_matrix_limit": 33_177_600,
            "video_size_limit": rules.video_bytes,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
        "translation": {"enabled": False},
        "limited_federation": False,
    }
