"""What the academy holds on colleagues."""

from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import holds, holds_none

holds("academy.Result", _("Lessons"), shown=("lesson__title", "right", "of"), when="at")
holds_none("academy.Lesson", "academy.Question", because="lessons for everybody")
