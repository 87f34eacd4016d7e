"""A message in the language of each chat. What somebody wrote is shown as it was written: nobody is called by
`@channel` or `<!here>` in it, and no mark in it becomes a picture or a link with another name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from koor.ground.channels import logic
from koor.ground.channels.contract import Draft

SECTION = 2_900  # characters of a part in Slack, which takes 3,000
BUTTON = 60
MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>:@])")


def body(kind: str, draft: Draft) -> dict[str, Any]:
    """What is sent, as JSON."""
    return {"slack": _slack, "teams": _teams, "mattermost": _mattermost}[kind](draft)


def title(draft: Draft) -> str:
    return " ".join((draft.options.get("title", "") or draft.title).split())[:140]


def _slack(draft: Draft) -> dict[str, Any]:
    """Parts in mrkdwn, where `&`, `<` and `>` are the only orders; and the same as plain text for notifications."""
    head = [{"type": "header", "text": {"type": "plain_text", "text": title(draft), "emoji": False}}]
    parts = [*cut(draft.text.strip(), SECTION // 5), *([logic.link_below(draft)] if logic.link_below(draft) else [])]
    sections = [{"type": "section", "text": {"type": "mrkdwn", "text": slack_text(part)}} for part in parts]
    whole = "\n".join(filter(None, (title(draft), draft.text.strip(), logic.link_below(draft))))
    blocks = [*(head if title(draft) else []), *_joined(sections)]
    return {"text": slack_text(whole)[:SECTION], "blocks": blocks, "unfurl_links": True}


def _joined(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As few parts as fit: Slack takes fifty."""
    made: list[dict[str, Any]] = []
    for section in sections:
        text = section["text"]["text"]
        before = made[-1]["text"]["text"] if made else ""
        if made and len(before) + len(text) < SECTION:
            made[-1] = {**section, "text": {"type": "mrkdwn", "text": f"{before}\n{text}"}}
        else:
            made.append(section)
    return made


def slack_text(text: str) -> str:
    """Marks that format are broken by a sign without width, but not within an address."""
    made, end = "", 0
    for found in logic.LINK.finditer(text):
        made += _plain(text[end : found.start()]) + f"<{_escaped(found[0])}>"
        end = found.end()
    return made + _plain(text[end:])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "%7C")


def _plain(text: str) -> str:
    return re.sub(r"([*_~`])", "\\1\u2060", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def cut(text: str, most: int) -> Iterator[str]:
    """Lines, and long ones in pieces at a space where there is one."""
    for line in text.split("\n"):
        while len(line) > most:
            at = line.rfind(" ", 1, most)
            at = at if at > 0 else most
            yield line[:at]
            line = line[at:].lstrip()
        yield line


def _teams(draft: Draft) -> dict[str, Any]:
    """A card. Runs of text know no marks at all, so nothing has to be escaped; a link is a run to be tapped and a
    button."""
    parts: list[dict[str, Any]] = []
    if title(draft):
        head = {"type": "TextRun", "text": title(draft), "weight": "Bolder", "size": "Large"}
        parts.append({"type": "RichTextBlock", "inlines": [head]})
    for line in draft.text.strip().split("\n"):
        if line.strip():
            parts.append({"type": "RichTextBlock", "inlines": list(_runs(line))})
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": parts,
        "msteams": {"width": "Full"},
    }
    if draft.link:
        named = title(draft)[:BUTTON] or draft.link.partition("://")[2][:BUTTON]
        card["actions"] = [{"type": "Action.OpenUrl", "title": named, "url": draft.link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _runs(line: str) -> Iterator[dict[str, Any]]:
    end = 0
    for found in logic.LINK.finditer(line):
        if found.start() > end:
            yield {"type": "TextRun", "text": line[end : found.start()]}
        yield {"type": "TextRun", "text": found[0], "selectAction": {"type": "Action.OpenUrl", "url": found[0]}}
        end = found.end()
    if line[end:]:
        yield {"type": "TextRun", "text": line[end:]}


def _mattermost(draft: Draft) -> dict[str, Any]:
    """Markdown, with every mark of it escaped but in addresses."""
    head = f"#### {markdown_text(title(draft))}" if title(draft) else ""
    return {"text": "\n\n".join(filter(None, (head, markdown_text(draft.text.strip()), logic.link_below(draft))))}


def markdown_text(text: str) -> str:
    """`@all` and `@channel` call nobody: a sign without width breaks them."""
    made, end = "", 0
    for found in logic.LINK.finditer(text):
        made += _escaped_marks(text[end : found.start()]) + found[0]
        end = found.end()
    return (made + _escaped_marks(text[end:])).replace("\n", "  \n")


def _escaped_marks(text: str) -> str:
    return re.sub(r"\\@(?=\w)", "@\u2060", MARKS.sub(r"\\\1", text))
