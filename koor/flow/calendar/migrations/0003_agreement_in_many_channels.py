from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('calendar', '0002_agreements_of_groups')]

    operations = [migrations.RemoveField(model_name='agreement', name='account')]
