"""A message shows its title's pictogram, which two people have chosen; what the message said beside it goes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def give_titles_theirs(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A title that had none keeps the one that residents saw."""
    alias = schema_editor.connection.alias
    messages, segments = (apps.get_model("prevention", name).objects.using(alias) for name in ("Message", "Segment"))
    its_own = messages.filter(pk=OuterRef("message"))
    bare = segments.filter(position=0, pictogram="")
    bare.update(pictogram=Subquery(its_own.values("pictogram")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("prevention", "0005_films_and_clips"),
    ]

    operations = [
        migrations.RunPython(give_titles_theirs, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="message",
            name="pictogram",
        ),
    ]
