"""What WordPress is and what its interface allows. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import Act, Asked, Delivery, Limits, Manifest, SourceKind, TriedAgainst
from koor.ground.channels.contract import message_id as _

STATUSES = (("publish", _("On the site at once")), ("draft", _("As a draft: somebody there puts it on the site")))

MANIFEST = Manifest(
    key="wordpress",
    name="WordPress",
    what=_("Your own website, where a story may be as long as it needs to be. Four in ten websites run on it."),
    why_people=_("Who looks you up finds it for years, and search engines do too."),
    works_well=_("One story a page, a title that says it, pictures with words, and answers to who writes below it."),
    delivery=Delivery.READABLE,
    limits=Limits(
        media=20,
        media_kinds=("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"),
        alt_characters=2000,
    ),
    asks=(
        Asked("site", _("Address of the site"), _("Such as https://www.example.org")),
        Asked("user", _("User name"), _("On the site, with the role of editor.")),
        Asked(
            "app_password",
            _("Application password"),
            _("On the site: Users, Profile, Application passwords. Not the password you sign in with."),
            secret=True,
        ),
        Asked("status", _("How a post goes there, unless you choose otherwise"), choices=STATUSES, default="publish"),
    ),
    options=(
        Asked("title", _("Title of the page"), required=False),
        Asked("excerpt", _("Summary"), _("Shown in lists and by search engines."), required=False),
        Asked("categories", _("Categories"), _("As they are called on the site, with commas between."), required=False),
        Asked("tags", _("Tags"), _("With commas between; new ones are made."), required=False),
        Asked(
            "featured",
            _("First picture"),
            required=False,
            choices=(("above", _("Above the page, as the site shows it")), ("within", _("In the text"))),
        ),
        Asked("status", _("How it goes there"), required=False, choices=STATUSES),
    ),
    everyone={"status": ("", "publish")},
    sources=(
        SourceKind(
            "comments",
            _("Comments below your pages"),
            covers=_("Comments below the pages and posts of this site, also those that wait for approval."),
        ),
    ),
    personal=False,
    publishes=True,
    replies=True,
    edits=True,
    titled=True,
    edits_title=True,
    deletes=True,
    checks=True,
    acts=(Act.HIDE, Act.DELETE),
    undoes=(Act.HIDE,),
    api_version="wp/v2",
    checked_on=date(2026, 11, 22),
    source="developer.wordpress.org/rest-api",
    tried_against=TriedAgainst.REAL_SERVER,
    notes=_(
        "What is taken away lies in the bin of the site. A page that somebody gave blocks of its own keeps of them "
        "only its pictures when Koor changes the words."
    ),
)
