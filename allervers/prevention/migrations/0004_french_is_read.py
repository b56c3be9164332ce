"""Two people for each sentence: who wrote it and who read it stand beside its words, and new words wait in a `Proposal`."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

import allervers.core.clock
import allervers.core.ids


def tell_each_sentence(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What a message said of all its sentences, each says now. One whose latest words nobody has read waits for its reader again."""
    alias = schema_editor.connection.alias
    messages, segments = (apps.get_model("prevention", name).objects.using(alias) for name in ("Message", "Segment"))
    its_own = messages.filter(pk=OuterRef("message"))
    segments.update(written_by=Subquery(its_own.values("written_by")[:1]))
    read = segments.filter(message__state__in=["published", "withdrawn"]).exclude(message__read_by="")
    read.update(
        read_by=Subquery(its_own.values("read_by")[:1]),
        read_at=Subquery(its_own.values("published_at")[:1]),
    )
    # Our own words come with the program: they have no writer and no reader in the network.
    segments.filter(message__kind="house").update(read_at=Subquery(its_own.values("created_at")[:1]))
    messages.filter(kind="message", state="published", segments__read_at=None).update(state="draft")


class Migration(migrations.Migration):

    dependencies = [
        ('prevention', '0003_interface_review'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('text', models.CharField(max_length=400)),
                ('pictogram', models.CharField(blank=True, max_length=24)),
                ('urgent', models.BooleanField(default=False)),
                ('phone', models.CharField(blank=True, max_length=10)),
                ('id', models.UUIDField(default=allervers.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('change', models.CharField(choices=[('minor', 'tournure : les autres langues restent, à revoir'), ('meaning', 'sens : les autres langues sont retirées quand la nouvelle phrase est montrée'), ('safety', 'sécurité : la phrase est retirée tout de suite, dans toutes les langues')], max_length=7)),
                ('took_away', models.BooleanField(default=False)),
                ('written_by', models.CharField(max_length=36)),
                ('written_at', models.DateTimeField(default=allervers.core.clock.now)),
                ('segment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal', to='prevention.segment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='segment',
            name='off_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='segment',
            name='read_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='segment',
            name='read_by',
            field=models.CharField(blank=True, max_length=36),
        ),
        migrations.AddField(
            model_name='segment',
            name='written_by',
            field=models.CharField(blank=True, max_length=36),
        ),
        migrations.RunPython(tell_each_sentence, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_read_by_someone_else',
        ),
        migrations.RemoveField(
            model_name='message',
            name='read_by',
        ),
        migrations.RemoveField(
            model_name='message',
            name='written_by',
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.CheckConstraint(condition=models.Q(('read_by', ''), models.Q(('read_by', models.F('written_by')), _negated=True), _connector='OR'), name='segment_read_by_someone_else'),
        ),
    ]
