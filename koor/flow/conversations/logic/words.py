"""What was said: what of it becomes a conversation, how long somebody waits, and texts fit to keep and to show."""

import re
from datetime import datetime, time, timedelta

from koor.kernel.search import fold

OLDER_THAN_THIS_CAME_LATE = timedelta(days=30)
PREVIEW = 180  # characters
HEADING = 64  # characters
LONGEST_ANSWER = 20_000  # characters
LONGEST_KNOWN = 500  # characters
SNOOZES = ("hour", "afternoon", "tomorrow", "monday", "week")

_GREETING = re.compile(
    r"\W*(?:@|(?:dag|hallo|hoi|hey|hee|hi|hello|beste|dear|goedemorgen|goedemiddag|goedenavond|ha|moi|good morning|"
    r"good afternoon|good evening|vraag(?:je)? (?:voor|aan)|(?:a )?question for)\b[\s,:]*@?)(?P<name>[^\W\d_]{2,40})\b"
)
_ALONE = re.compile(r"[^\W_](?=[^\S\n]*\n[^\S\n]*\n\s*\w)")
_SENTENCES = re.compile(rf".{{20,{HEADING - 1}}}[.!?](?=\s)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def wants_conversation(*, ours: bool, addressed: bool, kind: str, label: str) -> bool:
    """Whether a mention becomes a conversation by itself: somebody wrote to us, or a person saw an aha or an oh-oh."""
    if ours or label == "noise":
        return False
    return label in {"aha", "ohoh"} or (addressed and kind in {"mention", "reply", "direct"})


def asks_for_an_answer(*, addressed: bool, by_a_person: bool, label: str) -> bool:
    """Whether somebody waits after a mention. Praise that was not said to us is a chance, not a question."""
    return addressed or by_a_person or label != "aha"


def waiting_from(said_at: datetime, now: datetime) -> datetime:
    """Since when somebody waits: since they spoke. What is older than a month, such as an archive that was imported,
    waits from the moment on which it becomes a conversation: nobody was waiting with us all those years."""
    if now - said_at > OLDER_THAN_THIS_CAME_LATE:
        return now
    return min(said_at, now)


def greeted(text: str) -> str:
    """The first name with which a message begins ("Dag Henk, …"), folded; empty when it greets nobody."""
    found = _GREETING.match(fold(text[:200]))
    return found["name"] if found else ""


def clean(text: str) -> str:
    """What a person typed, fit to keep: no control characters, one kind of line end, no space around."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def preview(text: str) -> str:
    """The beginning of a text on one line. A subject or a greeting on a line of its own ends there."""
    line = " ".join(_ALONE.sub(r"\g<0>. ", text[: PREVIEW * 4]).split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1].rstrip() + "…"


def heading(text: str) -> str:
    """A few words that name a text: up to where a sentence ends ("Hi!" says too little), else cut between two words."""
    line = preview(text)
    if len(line) <= HEADING:
        return line
    sentence = _SENTENCES.match(line)
    return sentence[0] if sentence else (line[:HEADING].rpartition(" ")[0] or line[: HEADING - 1]).rstrip(",;:") + "…"


def snooze_until(choice: str, now: datetime, opens: time) -> datetime:
    """The moment that a choice for later means. `now` and the answer are local; a working day begins at `opens`."""
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "afternoon":
        four = now.replace(hour=16, minute=0, second=0, microsecond=0)
        return four if four - now >= timedelta(minutes=30) else now + timedelta(hours=2)
    days = {"tomorrow": 1, "monday": 7 - now.weekday(), "week": 7}[choice]
    day = now.date() + timedelta(days=days)
    return datetime.combine(day, opens, tzinfo=now.tzinfo)
