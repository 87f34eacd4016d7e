# ruff: noqa: E501 what people read stands as it is read
"""Texts that a statement begins with, in Dutch and in English. Each house changes them as it likes.

Between braces stands what a person fills in. They promise nothing that nobody knows yet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    key: str
    language: str
    name: str
    text: str
    kept: int | None = None  # its number, as this house wrote it

    @property
    def is_ours(self) -> bool:
        """It did not come along: of this house alone."""
        return not any((one.key, one.language) == (self.key, self.language) for one in SHIPPED)


SHIPPED = (
    Text(
        "incident", "nl", "Er is iets gebeurd",
        "{Wanneer} is er {wat er gebeurde} in {plaats}. Er zijn mensen van ons bij. We doen nu {wat we doen}. Wat de oorzaak "
        "is weten we nog niet. Uiterlijk om {tijd} vertellen we hier meer. Is het dringend, bel dan {nummer}.",
    ),
    Text(
        "mistake", "nl", "Wij deden iets verkeerd",
        "Wij hebben {wat we deden}. Dat had niet gemogen en het spijt ons. We hebben {met wie} gesproken en herstellen het: "
        "{wat we doen}. We zoeken uit hoe het kon gebeuren en vertellen dat hier, uiterlijk {dag}.",
    ),
    Text(
        "rude", "nl", "Een antwoord van ons was niet netjes",
        "Ons antwoord aan {wie} was niet zoals wij met mensen willen omgaan. Het spijt ons. We hebben contact gezocht om dat "
        "zelf te zeggen. Het antwoord laten we staan met deze rechtzetting erbij, zodat iedereen ziet wat er stond.",
    ),
    Text(
        "rumour", "nl", "Een verhaal klopt niet",
        "Er gaat rond dat {wat er rondgaat}. Dat klopt niet. Wat wel klopt: {wat we weten}. Je kunt het nalezen bij {bron}. "
        "Twijfel je, vraag het ons dan rechtstreeks: {nummer}.",
    ),
    Text(
        "outage", "nl", "Iets werkt niet",
        "Sinds {tijd} werkt {wat} niet. We zijn ermee bezig. Dit kun je intussen zelf doen: {wat te doen}. Om {tijd} laten "
        "we hier weten hoe het staat, ook als er dan nog niets nieuws is.",
    ),
    Text(
        "incident", "en", "Something happened",
        "{When} there was {what happened} in {place}. Our people are there. We are now {what we do}. What caused it we "
        "do not know yet. At {time} at the latest we tell more here. If it is urgent, call {number}.",
    ),
    Text(
        "mistake", "en", "We did something wrong",
        "We {what we did}. We should not have, and we are sorry. We spoke with {whom} and are putting it right: {what we "
        "do}. We are finding out how it could happen and tell it here, on {day} at the latest.",
    ),
    Text(
        "rude", "en", "An answer of ours was not kind",
        "Our answer to {whom} was not how we want to treat people. We are sorry. We got in touch to say so ourselves. We "
        "leave the answer where it is with this correction beside it, so that everybody sees what it said.",
    ),
    Text(
        "rumour", "en", "A story is not true",
        "It is being said that {what is said}. That is not true. This is: {what we know}. You can read it at {source}. When "
        "in doubt, ask us directly: {number}.",
    ),
    Text(
        "outage", "en", "Something does not work",
        "Since {time} {what} has not worked. We are on it. Meanwhile you can do this yourself: {what to do}. At {time} we say "
        "here how it stands, also when there is nothing new by then.",
    ),
)  # fmt: skip


def gaps(text: str) -> list[str]:
    """What a person still has to fill in, such as `{place}`."""
    found, rest = [], text
    while "{" in rest and "}" in rest.split("{", 1)[1]:
        inside, rest = rest.split("{", 1)[1].split("}", 1)
        found.append(inside)
    return [gap for gap in found if gap and len(gap) <= 40]
