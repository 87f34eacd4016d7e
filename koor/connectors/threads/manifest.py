"""What Threads is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import (
    BELOW_OURS,
    NAMING_US,
    THREAD,
    Act,
    Delivery,
    Limits,
    Manifest,
    OAuth,
    SourceKind,
    TriedAgainst,
)
from koor.ground.channels.contract import message_id as _

MANIFEST = Manifest(
    key="threads",
    name="Threads",
    what=_("Short texts and conversations, beside Instagram. Many who left X and like it light are there."),
    why_people=_("People look for talk that does not turn sour at once, with who they know from Instagram."),
    works_well=_("Ask something, answer everybody, show what happens today."),
    delivery=Delivery.STAGED,
    limits=Limits(
        characters=500,
        media=10,
        media_bytes=8_000_000,
        film_bytes=300_000_000,
        media_kinds=("image/jpeg", "image/png", "video/mp4"),
        alt_characters=1000,
    ),
    options=(THREAD,),
    oauth=OAuth(
        authorise="https://threads.net/oauth/authorize",
        token="https://graph.threads.net/oauth/access_token",  # noqa: S106 an address
        scopes=(
            "threads_basic",
            "threads_content_publish",
            "threads_read_replies",
            "threads_manage_replies",
            "threads_manage_mentions",
            "threads_delete",
        ),
        separator=",",
        pkce=False,
        refreshes=False,
        register="https://developers.facebook.com/apps/",
        steps=(
            _("Make an app with the use case Access the Threads API, and choose the scopes below."),
            _("Fill in the address to come back to under Settings, Redirect callback URLs."),
            _("The Threads app ID and secret stand there too; they are not those of the app itself."),
            _("To hear at once: Webhooks, replies and mentions, with the address on the account's own page."),
            _("For accounts of others than the app's own people Meta wants to review the app first."),
        ),
    ),
    sources=(
        SourceKind("replies", _("Answers to our posts"), covers=BELOW_OURS),
        SourceKind("mentions", _("Posts that name us"), covers=NAMING_US),
    ),
    publishes=True,
    replies=True,
    deletes=True,
    checks=True,
    fetches=True,
    pushed=True,
    acts=(Act.HIDE,),
    undoes=(Act.HIDE,),
    api_version="v1.0",
    checked_on=date(2026, 11, 23),
    source="developers.facebook.com/docs/threads",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_(
        "Threads fetches pictures itself, so for posts with pictures the house needs a public https address. What is "
        "up can't be changed, only taken away. Built by the published description; nobody has seen it working with "
        "Meta yet."
    ),
)
