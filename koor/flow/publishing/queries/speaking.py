"""In which language something is said: chosen by a person, else as its words plainly are, else that of the house."""

from django.conf import settings
from django.conf.locale import LANG_INFO

from koor.flow.publishing.models import Target
from koor.ground.people.queries import house
from koor.kernel import languages


def offered(also: str = "") -> list[tuple[str, str]]:
    """The languages that one chooses among, each in its own name: the house's first, and `also` what was chosen."""
    codes = dict.fromkeys([house().language, *(code for code, _name in settings.LANGUAGES), *languages.BESIDE])
    return [(code, name_of(code)) for code in [*codes, *([also] if also and also not in codes else [])]]


def name_of(code: str) -> str:
    return str(LANG_INFO.get(code, {}).get("name_local", code)).capitalize()


def known(code: str) -> bool:
    """Whether this is a language as platforms know it, such as `nl`."""
    return code.isascii() and code.isalpha() and 2 <= len(code) <= 3 and "name_local" in LANG_INFO.get(code, {})


def guessed(text: str) -> str:
    """The language of the house, unless the words are long enough and plainly in another one that we know."""
    ours = house().language
    return languages.language_of(text, ours, [ours, *(code for code, _name in settings.LANGUAGES)])


def of_row(row: Target) -> str:
    """The language of the post; of words of its own that are plainly in another language that one, unless somebody
    chose what the post is in."""
    said = row.post.language
    if row.text == row.post.text or not said or said != guessed(row.post.text):
        return said
    return guessed(row.text)
