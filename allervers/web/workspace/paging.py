"""Pages of long lists."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


def page_of(rows: "QuerySet[M, Any]", request: HttpRequest, size: int) -> "Page[M]":
    """The page that the address asks for. Three queries: how many, which ids, and those rows with what is joined to them.

    Sorting ids alone spares the joins, and reading whole rows, for all that the page does not show.
    """
    page: Page[Any] = Paginator(rows.values_list("pk", flat=True), size).get_page(request.GET.get("page"))
    ids = list(page.object_list)
    found = rows.order_by().in_bulk(ids)
    page.object_list = [found[pk] for pk in ids if pk in found]
    return page
