"""Forms of photos by mail: the mailbox, and of whom a letter is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koor.flow.hub.choices import Secure
from koor.ground.people.models import Person


def _typed(**more: str) -> forms.TextInput:
    return forms.TextInput({"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false", **more})


class MailboxForm(forms.Form):
    """The mailbox that photos are sent to."""

    address = forms.EmailField(
        label=_("Address of the mailbox"),
        help_text=_("Such as photos@example.org. Letters to photos+anything@example.org must arrive in it too."),
    )
    host = forms.CharField(label=_("Server (IMAP)"), max_length=253, widget=_typed(inputmode="url"))
    secure = forms.ChoiceField(label=_("Encryption"), choices=Secure.choices, initial=Secure.TLS)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    user = forms.CharField(label=_("User"), max_length=254, widget=_typed())
    password = forms.CharField(
        label=_("Password"),
        max_length=400,
        required=False,
        strip=False,
        help_text=_("It is kept sealed and not shown again. Empty keeps the one that is there."),
        widget=forms.PasswordInput({"autocomplete": "off"}, render_value=True),  # also after a try
    )
    folder = forms.CharField(label=_("Folder that is read"), max_length=200, initial="INBOX", widget=_typed())
    done_folder = forms.CharField(
        label=_("Folder for what was taken in"),
        max_length=200,
        required=False,
        help_text=_("Empty leaves it where it is, marked as read."),
        widget=_typed(),
    )
    server_name = forms.CharField(
        label=_("Name of your mail server in Authentication-Results"),
        max_length=253,
        required=False,
        help_text=_("Then a letter from a colleague's own address is believed when this server says that it is real."),
        widget=_typed(),
    )
    is_on = forms.BooleanField(label=_("Read this mailbox, every minute"), required=False, initial=True)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        """`known`: there is a mailbox already, and so a password."""
        super().__init__(*args, **kwargs)
        if not known:
            self.fields["password"].required = True
            self.fields["password"].help_text = _("It is kept sealed and not shown again.")

    def clean(self) -> dict[str, Any]:
        """Names without a character that means something to a server."""
        given = super().clean() or {}
        for name, value in given.items():
            if isinstance(value, str) and any(ord(one) < 32 for one in value):
                self.add_error(name, _("There is a character in it that can't be seen."))
        if "+" in str(given.get("address", "")).partition("@")[0]:
            self.add_error("address", _("Give the plain address, without a plus."))
        return given


class WhoseLetterForm(forms.Form):
    """Of whom a letter is."""

    person = forms.ModelChoiceField(
        label=_("Of whom is it?"), queryset=Person.objects.none(), empty_label=_("Choose a colleague")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = Person.objects.filter(is_active=True).order_by("name")
        self.fields["person"].queryset = everybody  # type: ignore[attr-defined]
