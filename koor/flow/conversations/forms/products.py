"""What people fill in about the products that customers have."""

from django import forms
from django.utils.translation import gettext_lazy


class ProductsForm(forms.Form):
    names = forms.CharField(
        label=gettext_lazy("Products and makers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("One a line, as customers call them."),
    )
