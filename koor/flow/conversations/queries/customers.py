"""What customers say to us, for who counts it."""

from django.db.models import QuerySet

from koor.flow.conversations.choices import Direction
from koor.flow.conversations.models import Message
from koor.flow.conversations.queries.channels import MACHINES
from koor.ground.governance.choices import Purpose


def said_by_customers() -> QuerySet[Message]:
    """On every channel. What somebody said to a colleague alone, on an account of their own, is counted nowhere, nor is
    an exercise or what a machine wrote."""
    rows = Message.objects.filter(direction=Direction.IN).exclude(kind__in=MACHINES)
    rows = rows.exclude(kind="direct", account__personal=True)
    return rows.exclude(conversation__purpose=Purpose.PRACTICE)
