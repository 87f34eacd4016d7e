from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectState(TextChoices):
    COMING = "coming", _("Coming")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class OrganisationKind(TextChoices):
    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")
    SUPPLIER = "supplier", _("Supplier")
    PRESS = "press", _("Press")
    OTHER = "other", _("Other")
