"""A network's key, until here derived from the master key, becomes a key of its own: chains go on verifying."""

from django.db import migrations, models

from allervers.core import crypto, keys


def keep_the_keys(apps, schema_editor):
    heads = apps.get_model("journal", "ChainHead").objects.using(schema_editor.connection.alias)
    for head in heads.all():
        key = crypto.derive(keys.master(), f"journal:{head.network_id}")
        head.wrapped_key = keys.seal(key, f"journal.chainhead:{head.network_id}")
        head.save(update_fields=["wrapped_key"])


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddField("chainhead", "wrapped_key", models.BinaryField(default=b""), preserve_default=False),
        migrations.RunPython(keep_the_keys, migrations.RunPython.noop),
    ]
