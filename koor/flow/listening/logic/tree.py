"""What a query looks like once it is read: a tree of terms, and the rules for evaluating it plainly.

`Tree.meets` is the meaning of a query in its simplest form; the matcher is tested against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from koor.flow.listening.logic.fold import Folded

# A word `storing`, the start of one `stor*`, a tag `#storing`, a handle `@els`; or a phrase: several of these in a row.
Word = str
Term = Word | tuple[Word, ...]


def word_meets(word: Word, text: Folded, place: int) -> bool:
    """Does this word of a query stand at this place of the text?"""
    if word[0] in "#@":
        if word.endswith("*"):
            return any(at == place and tag.startswith(word[:-1]) for tag, at in text.tags)
        return (word, place) in text.tags
    found = text.words[place]
    return found.startswith(word[:-1]) if word.endswith("*") else found == word


def term_meets(term: Term, text: Folded) -> bool:
    """Does the text hold this term anywhere? A phrase stands at places that follow each other."""
    phrase = (term,) if isinstance(term, str) else term
    starts = range(len(text.words) - len(phrase) + 1)
    return any(all(word_meets(word, text, at + step) for step, word in enumerate(phrase)) for at in starts)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One term. `at` is its place in the expression, for messages."""

    term: Term
    at: int = field(default=0, compare=False)

    def meets(self, text: Folded) -> bool:
        return term_meets(self.term, text)


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree
    at: int = field(default=0, compare=False)

    def meets(self, text: Folded) -> bool:
        return not self.part.meets(text)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Tree, ...]

    def meets(self, text: Folded) -> bool:
        return all(part.meets(text) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Tree, ...]

    def meets(self, text: Folded) -> bool:
        return any(part.meets(text) for part in self.parts)


Tree = Leaf | Not | And | Or


def terms(tree: Tree) -> list[Term]:
    """The terms that a text may be found by, in the order of the expression; what stands behind NOT is left out."""
    match tree:
        case Leaf(term=term):
            return [term]
        case And(parts=parts) | Or(parts=parts):
            return [term for part in parts for term in terms(part)]
    return []
