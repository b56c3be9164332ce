"""What each surface serves: one style file, one script, joined from the parts below in their order.

Ten small files cost a second on a poor network; one file costs one round trip. Parts are paths under `allervers/web`,
so that a surface can add its own beside those of the design system.
"""

import re
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent
CSS = "components/static/css"
JS = "components/static/js"

STREET = "public/static/street"


def _street(*names: str) -> list[str]:
    return [f"{STREET}/{name}.css" for name in names]


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
    # The residents' app: the ground of every page in one file, kept by the browser; what one family of pages adds, in another.
    # Both come before the first words are painted: a rule that a family does not need stands in none of its files.
    "css/street.css": _street("tokens", "base", "top", "listen", "foot"),
    "css/doors.css": _street("door", "lang"),
    "css/choose.css": _street("chip", "choice", "notice"),
    "css/message.css": _street("chip", "notice", "segment", "player", "field", "share"),
    "css/areas.css": _street("choice", "map"),
    "css/places.css": _street("chip", "notice", "field", "place"),
    "css/agenda.css": _street("chip", "field", "place", "agenda"),
    "css/help.css": _street("chip", "choice", "notice", "field", "share", "board"),
    "css/ask.css": _street("chip", "choice", "notice", "field", "ask"),
    "css/speak.css": _street("chip", "choice", "notice", "field", "recorder", "ask"),
    "css/receipt.css": _street("chip", "notice", "field", "receipt", "ask"),
    "css/studio.css": _street("chip", "notice", "segment", "player", "field", "recorder"),
    "css/pack.css": _street("tokens", "base", "choice", "notice", "segment"),
    "js/street.js": [f"{STREET}/{name}.js" for name in ("hear", "near", "keep", "old", "say", "leave", "tally")],
    "js/recorder.js": [f"{STREET}/recorder.js"],
    "js/studio.js": [f"{STREET}/{name}.js" for name in ("hear", "recorder")],
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
_AIR = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")  # in a style sheet, where a space says nothing


def _lean(text: str, name: str) -> str:
    """What a browser reads, without what only people do: comments, indents, empty lines."""
    bare = _COMMENT[Path(name).suffix].sub("", text)
    if name.endswith(".css"):
        return _AIR.sub(lambda found: found[1] or "", bare).replace(";}", "}").strip()
    return "".join(f"{line.strip()}\n" for line in bare.splitlines() if line.strip())
