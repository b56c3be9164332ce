"""Identities read are chained: those noted until here get their place and link in the order in which they were written."""

from datetime import UTC

from django.db import migrations, models

from allervers.core import crypto, keys
from allervers.journal import chain


def chain_the_reads(apps, schema_editor):
    alias = schema_editor.connection.alias
    heads, reads = (apps.get_model("journal", name).objects.using(alias) for name in ("ChainHead", "IdentityRead"))
    for network_id in reads.order_by().values_list("network_id", flat=True).distinct():
        place = f"journal.chainhead:{network_id}"
        head, _made = heads.get_or_create(
            pk=network_id, defaults={"wrapped_key": keys.seal(crypto.new_key(), place)}
        )
        key = crypto.derive(keys.unwrap(bytes(head.wrapped_key), place), "reads")
        for line in reads.filter(network_id=network_id).order_by("at", "id").iterator(chunk_size=2000):
            head.reads_seq += 1
            text = chain.read_text(
                seq=head.reads_seq,
                at=line.at.astimezone(UTC),
                organisation=str(line.organisation_id),
                reader=str(line.reader_id or ""),
                reason=line.reason,
                cards=line.card_ids,
            )
            head.reads_mac = chain.mac(key, head.reads_mac, text)
            reads.filter(pk=line.pk).update(seq=head.reads_seq, mac=head.reads_mac)
        head.save(update_fields=["reads_seq", "reads_mac"])


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_network_key")]

    operations = [
        migrations.AddField("chainhead", "reads_seq", models.BigIntegerField(default=0)),
        migrations.AddField("chainhead", "reads_mac", models.CharField(default="", max_length=64)),
        migrations.AddField("identityread", "seq", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("identityread", "mac", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.RunPython(chain_the_reads, migrations.RunPython.noop),
        migrations.AddConstraint(
            "identityread",
            models.UniqueConstraint(fields=("network_id", "seq"), name="read_one_place_in_chain"),
        ),
    ]
