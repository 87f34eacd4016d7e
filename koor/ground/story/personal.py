"""What the story room holds on colleagues."""

from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import holds

holds("story.Acknowledgement", _("Read the story"), shown=("version__number",), when="at", titles=(_("Version"),))
holds("story.Version", _("Versions of the story that they made"), shown=("number", "why"), when="made_at",
      named=("why", "mission", "vision", "values", "voice", "dos", "donts", "goals"))  # fmt: skip
