"""What stands in the way, counted without names: one's own hub as it is, elsewhere above the publication threshold."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allervers.core import clock
from allervers.needs import queries
from allervers.web.request import viewer_of


def obstacles(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    today = clock.today(viewer.timezone)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    year = year if 2000 <= year <= today.year else today.year
    zone = ZoneInfo(viewer.timezone)
    start, end = (datetime.combine(date(y, 1, 1), time.min, zone) for y in (year, year + 1))
    tables = queries.obstacle_tables(viewer, start, end)
    shown = {
        "year": year,
        "years": range(today.year, today.year - 4, -1),
        "tables": tables,
        "viewer_hub": viewer.hub_name,
    }
    return render(request, "workspace/obstacles_list.html", shown)
