"""Who signs in with which address is for the house to say. Addresses that colleagues put beside it on a page that was
open once, or that stayed behind when theirs was changed, still let in."""

from django.db import migrations


def only_the_house_s_own(apps, schema_editor):
    apps.get_model("account", "EmailAddress").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0010_brake"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(only_the_house_s_own, migrations.RunPython.noop)]
