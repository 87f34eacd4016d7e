"""What chat webhooks are and what they allow. Facts with their source and date stand in README.md."""

from datetime import date

from koor.ground.channels.contract import Asked, Delivery, Limits, Manifest, TriedAgainst
from koor.ground.channels.contract import message_id as _

KINDS = (("slack", "Slack"), ("teams", "Teams"), ("mattermost", "Mattermost"))

MANIFEST = Manifest(
    key="chat",
    name=_("Chat at work"),
    what=_("A channel of your own organisation in Slack, Teams or Mattermost. Colleagues read it; the world does not."),
    why_people=_("Colleagues hear what the house says before their neighbours ask them about it."),
    works_well=_("One message when something is worth it, with a link to the whole story."),
    delivery=Delivery.BLIND,
    limits=Limits(characters=10_000),
    asks=(
        Asked("kind", _("Which chat"), choices=KINDS, default="slack"),
        Asked(
            "address",
            _("Address of the webhook"),
            _(
                "In Slack: Incoming Webhooks of an app. In Teams: Workflows at the channel. In Mattermost: "
                "Integrations, Incoming Webhooks. Who has it can write in the channel."
            ),
            secret=True,
        ),
    ),
    options=(Asked("title", _("Line above it"), required=False),),
    closed=True,
    personal=False,
    publishes=True,
    titled=True,
    api_version="incoming webhooks; Adaptive Cards 1.4",
    checked_on=date(2026, 11, 23),
    source="docs.slack.dev, learn.microsoft.com, developers.mattermost.com",
    tried_against=TriedAgainst.DOCUMENTATION,
    notes=_(
        "A webhook only takes in: what was posted can't be found again, changed or taken away. Pictures are not "
        "posted; a link to a page shows its own."
    ),
)
