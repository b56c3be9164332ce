"""What must never be asked, imported or stored, in the words that a column, a field or a choice would use. Pure.

A leak of these hurts: they exist nowhere. Imports refuse such a column (its content is not even kept aside); a test
reads every model, form, choice and heading of ours.
"""

import re

from allervers.core import text

_NEVER = re.compile(
    r"nationalit|citizenship|citoyennet|pays d.? ?(origine|naissance)|country of (birth|origin)|birth ?country"
    r"|lieu de naissance|(ville|commune) de naissance|place of birth|birth ?place|nee? a l.etranger"
    r"|ethni|\brace\b|\bracial|origines? (ethnique|nationale|geographique)|religi|\bconfession|\bcroyance|\bculte\b"
    r"|immigra|sans.papiers|undocumented|titres? de sejour|cartes? de sejour|residence (permit|status)|\bregular"
    r"|irregular|situation administrative|statut (legal|administratif)|legal status|passeport|passport|\bvisas?\b"
    r"|\bnir\b|(numero|n°|no|num)( de)? ?(secu|ss\b)|securite sociale|social security|\bnumsecu|\bnss\b"
    r"|orientation sexuelle|sexual orientation|homosex|casiers? judiciaire|criminal|condamnation|opinions? politique"
    r"|\bsyndica|\basile\b|asylum|refugi"
)


def is_forbidden(heading: str) -> bool:
    """Whether a heading, a field's name or a choice speaks of what never exists. Spelling and accents do not matter."""
    folded = re.sub(r"[_\-./:]+", " ", text.fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)))
    return bool(_NEVER.search(folded))
