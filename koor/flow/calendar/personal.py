"""What the calendar holds on colleagues, and on who is named in it."""

from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import holds, holds_none, stays

holds("calendar.Feed", _("Calendars read along"), shown=("whole_house", "used_at"), when="made_at")
holds("calendar.HolidayList", _("Lists of holidays"), shown=("name",), when="made_at")
holds("calendar.SlotAsk", _("Asked for a place in the calendar"), shown=("slot__title",), when="at")
holds("calendar.SlotGiven", _("Places that were given"), shown=("slot__title",), when="at")
holds("calendar.Slot", _("Places in the calendar"), outside=("project__contact",), shown=("title", "content", "day"),
      when="day", named=("title",), erase=stays(_("the day is ours; only the name goes")))  # fmt: skip
holds("calendar.AgreementChange", _("Changes of agreements"), shown=("kind", "why"), when="at", named=("why",))
holds("calendar.Agreement", _("Agreements"), shown=("content", "about", "rhythm"), when="made_at", named=("about",))
holds("calendar.Campaign", _("Campaigns"), outside=None, colleague=None, shown=("name", "about"),
      named=("name", "about"))  # fmt: skip
holds_none("calendar.Holiday", "calendar.Planning", "calendar.PostingTime", because="days of everybody")
