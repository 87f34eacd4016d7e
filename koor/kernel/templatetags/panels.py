"""`{% panels "hub.item" item=item %}`: higher rooms' pieces on a lower room's page."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from koor.kernel import panels as registry

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: template.Context, opening: str, **about: Any) -> SafeString:
    request, engine = context["request"], context.template.engine  # type: ignore[union-attr]
    pieces = [piece for function in registry.fillers(opening) if (piece := function(request, **about)) is not None]
    known = _known(request, engine) if pieces else {}
    return format_html_join(
        "\n",
        "{}",
        ((engine.get_template(p[0]).render(template.Context({**known, **p[1], **about})),) for p in pieces),
    )


def _known(request: HttpRequest, engine: Any) -> dict[str, Any]:
    """What every template knows, looked up once a request."""
    known: dict[str, Any] | None = getattr(request, "koor_known", None)
    if known is None:
        known = {}
        for processor in engine.template_context_processors:
            known |= processor(request)
        request.koor_known = known  # type: ignore[attr-defined]
    return known
