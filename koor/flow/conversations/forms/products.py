"""What people fill in about the products that customers have."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy


class ProductsForm(forms.Form):
    names = forms.CharField(
        label=gettext_lazy("Products and makers"),
        required=False,
        validators=[MaxLengthValidator(20_000)],  # not max_length: the browser would cut a paste without a word
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("One a line, as customers call them."),
    )
    seen = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
