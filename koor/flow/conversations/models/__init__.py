"""Conversations over all channels, threaded for one contact; with whom, and why. And what burns."""

from koor.flow.conversations.models.alarms import Alarm, Duty
from koor.flow.conversations.models.attached import Attached
from koor.flow.conversations.models.deeds import Deed
from koor.flow.conversations.models.fires import (
    Fire,
    FireAnswer,
    FireFact,
    FireHeard,
    FireLine,
    FireTask,
    FireTie,
    HoldingText,
    Statement,
)
from koor.flow.conversations.models.form import ContactForm
from koor.flow.conversations.models.lines import Line, LineLetter, LineLink
from koor.flow.conversations.models.parts import Split
from koor.flow.conversations.models.presence import Looking, Mentioned
from koor.flow.conversations.models.products import Products
from koor.flow.conversations.models.promises import CalledIn, Evening, Promise
from koor.flow.conversations.models.recordings import Recording
from koor.flow.conversations.models.rules import OwnLimit, Rule
from koor.flow.conversations.models.saved import SavedAnswer
from koor.flow.conversations.models.talk import Assignment, Conversation, Join, Message, Refusal
from koor.flow.conversations.models.told import Reading, Repeat, Told

__all__ = [
    "Alarm",
    "Assignment",
    "Attached",
    "CalledIn",
    "ContactForm",
    "Conversation",
    "Deed",
    "Duty",
    "Evening",
    "Fire",
    "FireAnswer",
    "FireFact",
    "FireHeard",
    "FireLine",
    "FireTask",
    "FireTie",
    "HoldingText",
    "Join",
    "Line",
    "LineLetter",
    "LineLink",
    "Looking",
    "Mentioned",
    "Message",
    "OwnLimit",
    "Products",
    "Promise",
    "Reading",
    "Recording",
    "Refusal",
    "Repeat",
    "Rule",
    "SavedAnswer",
    "Split",
    "Statement",
    "Told",
]
