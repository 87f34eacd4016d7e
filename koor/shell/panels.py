"""How the deeds of the front door read."""

from django.utils.translation import gettext_lazy as _

from koor.kernel import audit

audit.sentences({"shell.send_again": _("%(by)s had a letter to %(to)s sent again")})
