"""Whole days between two moments, counted by the database: what `(until - since).days` is in Python, to the microsecond."""

from typing import Any

from django.db.models import Func, IntegerField


class WholeDays(Func):
    """`WholeDays(until, since)`; negative, and rounded down as Python does, when `until` comes first."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[str | int, ...]]:
        """Moments are texts of UTC: the difference of their dates, less one when the hour of the first is not reached."""
        (until, first), (since, second) = (compiler.compile(one) for one in self.get_source_expressions())
        days = f"CAST(julianday(substr({until}, 1, 10)) - julianday(substr({since}, 1, 10)) AS INTEGER)"
        return f"({days} - (substr({until}, 12) < substr({since}, 12)))", (*first, *second, *first, *second)

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        template = "FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 86400)::integer"
        sql, params = self.as_sql(compiler, connection, template=template, arg_joiner=" - ")
        return sql, list(params)
