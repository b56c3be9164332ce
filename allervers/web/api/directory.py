"""The directory's search as JSON, for whoever may read the page."""

import re

from django.http import HttpRequest, JsonResponse

from allervers.core import languages
from allervers.directory import geometry, search
from allervers.directory.enums import Theme
from allervers.directory.exchange.identifiers import told
from allervers.web.request import viewer_of

_MOST = 100


def directory(request: HttpRequest) -> JsonResponse:
    """`?q=…&near=LAT,LON&lang=xx&theme=…&open=1&limit=20`: a list, best first. A value it cannot read is said, 400."""
    viewer = viewer_of(request)
    said = request.GET
    near = geometry.parse_point(said["near"]) if said.get("near") else None
    wrong = [
        name
        for name, is_wrong in {
            "near": bool(said.get("near")) and near is None,
            "lang": said.get("lang", "") not in {"", *languages.LANGUAGES},
            "theme": said.get("theme", "") not in {"", *Theme.values},
            "limit": not re.fullmatch(r"[0-9]{1,9}", said.get("limit", "20")),
        }.items()
        if is_wrong
    ]
    if wrong:
        return JsonResponse({"error": f"cannot be read: {', '.join(wrong)}"}, status=400)
    hits = search.search(
        viewer.network_id,
        said.get("q", "")[:200],
        near=near,
        language=said.get("lang") or None,
        theme=said.get("theme") or None,
        open_now=said.get("open") == "1",
        limit=min(_MOST, max(1, int(said.get("limit", "20")))),
        timezone=viewer.timezone,
    )
    return JsonResponse([told(hit) for hit in hits], safe=False, json_dumps_params={"ensure_ascii": False})
