"""What the governance room holds on people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koor.ground.governance.models import LegalHold
from koor.kernel.personal import DELETE, Subject, holds, holds_none, must_stay


def _of(subject: Subject) -> Q:
    return Q(kind=subject.kind, subject_id__in=subject.pks)


def _of_or_by(subject: Subject) -> Q:
    return _of(subject) | Q(by__in=subject.pks)


must_stay(lambda subject: LegalHold.objects.filter(_of(subject), ended_at=None).exists())
holds("governance.PersonalExport", _("Taken along before"), outside=_of, colleague=_of_or_by, when="asked_at",
      shown=("rows",), files=("file",), taken=lambda rows: rows.none(), former=DELETE, aside=True)  # fmt: skip
holds("governance.LegalHold", _("Kept for the law"), outside=_of, colleague=_of_or_by, when="at", shown=("reason",),
      named=("reason",))  # fmt: skip
holds("governance.Erasing", _("Erasures"), outside=None, colleague=("by",), when="at", shown=("kind", "counts"))
holds("governance.Responsibility", _("Responsible for"), shown=("purpose", "agreed"), named=("agreed",))
holds_none("governance.Term", because="how long things are kept")
holds_none("governance.RolePermission", because="what a role may do")
