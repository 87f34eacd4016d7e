"""How soon something was promised, in words."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.kernel import clock
from koor.kernel.templatetags.koor import when

register = template.Library()


@register.simple_tag
def promised_time(minutes: int) -> str:
    """Within 4 working hours."""
    if minutes % 60:
        said = ngettext("Within one working minute", "Within %(count)s working minutes", minutes)
        return said % {"count": minutes}
    said = ngettext("Within one working hour", "Within %(count)s working hours", minutes // 60)
    return said % {"count": minutes // 60}


@register.simple_tag
def promised_moment(due: datetime) -> str:
    """Promised before 16:30; or it is over."""
    said = _("Promised before %(moment)s.") if due > clock.now() else _("Promised before %(moment)s: that is over.")
    return said % {"moment": when(due)}
