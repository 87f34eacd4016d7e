"""What waits for an answer, and whether ours was the last word: for lists that quote who waits."""

from django.db import migrations, models
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Left


def tell(apps, editor):
    conversations, messages = (apps.get_model("conversations", name).objects for name in ("Conversation", "Message"))
    of_this = messages.filter(conversation=OuterRef("pk")).order_by("-at", "-pk")
    asked = of_this.filter(direction="in", waits_from__isnull=False).values(said=Left("text", 180))[:1]
    waiting = conversations.filter(waiting_since__isnull=False)
    waiting.update(asked=Coalesce(Subquery(asked), Value("")))
    ours = Case(When(direction="out", then=Value(True)), default=Value(False), output_field=models.BooleanField())
    last = of_this.exclude(direction="note").values(ours=ours)[:1]
    conversations.update(ours_last=Coalesce(Subquery(last), Value(False)))


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [
        migrations.AddField("conversation", "ours_last", models.BooleanField(default=False)),
        migrations.AddField("conversation", "asked", models.CharField(blank=True, max_length=200)),
        migrations.RunPython(tell, migrations.RunPython.noop, elidable=True),
    ]
