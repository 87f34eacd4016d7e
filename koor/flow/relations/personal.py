"""What the relations room holds on people outside and on who keeps in touch."""

from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import holds

holds("relations.Rhythm", _("Meant to keep in touch"), shown=("every_days", "later_until"))
holds("relations.Touch", _("Moments of contact"), shown=("kind", "sentence"), when="at", named=("sentence",))
holds("relations.Revisit", _("Reasons to be in touch again"), shown=("project__name", "state"), when="at")
