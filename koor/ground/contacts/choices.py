from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectState(TextChoices):
    COMING = "coming", pgettext_lazy("project", "Coming")
    RUNNING = "running", pgettext_lazy("project", "Running")
    DONE = "done", pgettext_lazy("project", "Done")


class OrganisationKind(TextChoices):
    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")
    SUPPLIER = "supplier", _("Supplier")
    PRESS = "press", _("Press")
    OTHER = "other", pgettext_lazy("organisation", "Other")
