"""What the academy holds on colleagues."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import holds, holds_none


def _result(title: str, right: int, of: int) -> str:
    return gettext("%(title)s: %(right)s of %(of)s right") % {"title": title, "right": right, "of": of}


holds("academy.Result", _("Lessons"), shown=("lesson__title", "right", "of"), when="at", words=_result)
holds_none("academy.Lesson", "academy.Question", because="lessons for everybody")
