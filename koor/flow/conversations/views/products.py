"""Which products and makers the house knows by name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.conversations import access, actions, queries
from koor.flow.conversations.forms import ProductsForm
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound
from koor.kernel.forms import refused_at


@require_http_methods(["GET", "POST"])
def products(request: SignedIn) -> HttpResponse:
    """The list, and another one in its place."""
    if not access.may_rule(request.user):
        raise NotFound
    form = ProductsForm(request.POST or None, initial={"names": "\n".join(queries.product_names())})
    if request.method == "POST" and form.is_valid():
        with refused_at(form):
            actions.keep_products(by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept. They are looked for from now on, also in what was said before."))
            return redirect("conversations:products")
    context = {"form": form, "place": "conversations:inbox"}
    return render(request, "conversations/products.html", context, status=422 if form.errors else 200)
