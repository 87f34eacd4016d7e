"""How one signs in: with an e-mail address, a passkey or the organisation's own provider; nobody signs up unasked."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from koor.kernel import notices


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Colleagues come in by invitation only, and letters go through the house's own letter box."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not belong together. Look at both once more."),
        "too_many_login_attempts": _("This was tried too often. Wait five minutes, or ask for a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        way_in = "password_reset_key" in template_prefix
        notices.mail(to=email, subject=message.subject, text=message.body, kind=notices.SIGN_IN, way_in=way_in)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the address of the house: who asks may do so by any name that the house answers to."""
        made: str = super().get_reset_password_from_key_url(key)
        return settings.KOOR_URL + urlsplit(made).path

    def format_email_subject(self, subject: str) -> str:
        """As our other letters: without the name by which somebody asked."""
        return str(subject)


class LongEnough(MinimumLengthValidator):
    """Django's own; its sentence has no Dutch."""

    def get_error_message(self) -> str:
        sentence = ngettext(
            "This password is too short: it must have at least %(n)s character.",
            "This password is too short: it must have at least %(n)s characters.",
            self.min_length,
        )
        return sentence % {"n": self.min_length}

    def get_help_text(self) -> str:
        sentence = ngettext("At least %(n)s character.", "At least %(n)s characters.", self.min_length)
        return sentence % {"n": self.min_length}


class NotLikeYou(UserAttributeSimilarityValidator):
    """Django's own; its sentence names the columns of a table."""

    def get_error_message(self) -> str:
        return str(_("This password is too much like your name or your e-mail address."))

    def get_help_text(self) -> str:
        return str(_("Not your name or your e-mail address."))


class NotCommon(CommonPasswordValidator):
    """Django's own; its Dutch is more formal than this house."""

    def get_error_message(self) -> str:
        return str(_("This password is one that many people choose."))

    def get_help_text(self) -> str:
        return str(_("Not one that many people choose: three words that only you put together work well."))
