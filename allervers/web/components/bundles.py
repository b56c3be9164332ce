"""What each surface serves: one style file, one script, joined from the parts below in their order.

Ten small files cost a second on a poor network; one file costs one round trip. Parts are paths under `allervers/web`,
so that a surface can add its own beside those of the design system.
"""

import re
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent
CSS = "components/static/css"
JS = "components/static/js"

_ground = [f"{CSS}/{name}.css" for name in ("tokens", "base", "shell", "button", "field", "state")]

BUNDLES: dict[str, list[str]] = {
    "css/workspace.css": [
        *_ground,
        *(f"{CSS}/{name}.css" for name in ("thread", "ledger", "table", "notice", "chart", "map", "partner", "pieces")),
        "workspace/static/css/needs.css",
        "workspace/static/css/returns.css",
        "workspace/static/css/screening.css",
        "workspace/static/css/newsroom.css",
    ],
    "css/partner-page.css": [
        *_ground,
        *(f"{CSS}/{name}.css" for name in ("thread", "ledger", "notice", "partner", "field-app", "pieces")),
        "partner/static/css/answers.css",
    ],
    "css/public.css": [
        *_ground,
        *(f"{CSS}/{name}.css" for name in ("table", "notice", "partner", "pieces")),
        "partner/static/css/answers.css",
    ],
    # The residents' app: what its first pages need, in one file; what stands behind the doors, in another.
    "css/street.css": [
        f"public/static/street/{name}.css"
        for name in ("tokens", "base", "top", "listen", "door", "foot", "lang", "street")
    ],
    "css/behind.css": [
        f"public/static/street/{name}.css"
        for name in (
            "banner",
            "choice",
            "player",
            "share",
            "place",
            "recorder",
            "receipt",
            "board",
            "agenda",
            "ask",
            "behind",
        )
    ],
    "js/street.js": [f"public/static/street/{name}.js" for name in ("hear", "near", "keep", "old", "leave")],
    "js/recorder.js": ["public/static/street/recorder.js"],
    "js/studio.js": [f"public/static/street/{name}.js" for name in ("hear", "recorder")],
    "js/workspace.js": [
        *(f"{JS}/{name}.js" for name in ("pick", "keyboard", "errors", "dirty", "disclose", "print")),
        "workspace/static/js/keying.js",
    ],
    "js/partner-page.js": [
        *(f"{JS}/{name}.js" for name in ("errors", "dirty", "disclose", "print")),
        "partner/static/js/answers.js",
    ],
    "js/sign-in.js": [f"{JS}/{name}.js" for name in ("passkey", "errors", "print")],
}


def joined(name: str) -> str:
    """The text that a browser receives for one bundle."""
    texts = [_lean((WEB / part).read_text(encoding="utf-8"), name) for part in BUNDLES[name]]
    if name.endswith(".js"):
        # A block around each module keeps its names to itself: modules here import nothing and export nothing.
        texts = [f"{{\n{text}}}\n" for text in texts]
    return "\n".join(texts)


_COMMENT = {".css": re.compile(r"/\*.*?\*/", re.DOTALL), ".js": re.compile(r"^\s*//.*$", re.MULTILINE)}


def _lean(text: str, name: str) -> str:
    """What a browser reads, without what only people do: comments, indents, empty lines."""
    bare = _COMMENT[Path(name).suffix].sub("", text)
    return "".join(f"{line.strip()}\n" for line in bare.splitlines() if line.strip())
