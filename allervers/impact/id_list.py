"""The ids of a group of rows as one text, which the database joins and Python splits: thousands of ids cost one row."""

from typing import Any

from django.db.models import Aggregate, TextField, Value
from django.db.models.functions import Cast


class IdList(Aggregate):
    """`IdList("card_id")`, read with `ids`. Ids are written as this database does; a missing one is left out."""

    function = "STRING_AGG"
    output_field = TextField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(Cast(expression, TextField()), Value(","), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def ids(joined: str | None) -> set[str]:
    """The distinct ids of an `IdList`; none of an empty group."""
    return set(joined.split(",")) if joined else set()
