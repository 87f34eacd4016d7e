"""`{% panels "hub.item" item=item %}`: higher rooms' pieces on a lower room's page."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from koor.kernel import panels as registry

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: template.Context, opening: str, **about: Any) -> SafeString:
    request = context["request"]
    pieces = (function(request, **about) for function in registry.fillers(opening))
    return format_html_join(
        "\n", "{}", ((render_to_string(p[0], {**p[1], **about}, request),) for p in pieces if p is not None)
    )
