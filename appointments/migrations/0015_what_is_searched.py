"""Customers are found by words in any order, without accents and apostrophes: what is searched is kept beside them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from appointments.models.people import FoldedField
from notifications.text.cleaning import fold

BATCH = 1000


def fold_all(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    customers = apps.get_model("appointments", "Customer")._default_manager.using(editor.connection.alias)
    last = 0
    while batch := list(customers.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for customer in batch:
            customer.sought = fold(f"{customer.name} {customer.email}")
        customers.bulk_update(batch, ["sought"], batch_size=200)
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0014_what_files_said'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='sought',
            field=FoldedField(default='', editable=False, of=('name', 'email')),
        ),
        migrations.RunPython(fold_all, migrations.RunPython.noop),
    ]
