"""Which products and makers the house knows by name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koor.flow.conversations import access, actions
from koor.flow.conversations.forms import ProductsForm
from koor.flow.conversations.queries.products import came_along, mark, product_names
from koor.ground.people.access import SignedIn
from koor.kernel.access import NotFound, Refused


@require_http_methods(["GET", "POST"])
def products(request: SignedIn) -> HttpResponse:
    """The list, and another one in its place."""
    if not access.may_rule(request.user):
        raise NotFound
    kept, came = product_names(), came_along()
    initial = {"names": "\n".join(came if "came" in request.GET else kept), "seen": mark(kept)}
    form = ProductsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_products(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("names", str(refused))
            if refused.code == "collision":  # from here on they know of it
                form.data = {**request.POST.dict(), "seen": initial["seen"]}
        else:
            messages.success(request, _("Kept. They are looked for from now on, also in what was said before."))
            return redirect("conversations:products")
    context = {"form": form, "place": "conversations:inbox", "may_begin_again": kept != came}
    return render(request, "conversations/products.html", context, status=422 if form.errors else 200)
