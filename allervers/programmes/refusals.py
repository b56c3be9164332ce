"""Why a line of a file is refused, in words: what is wrong, and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allervers.programmes.columns import COLUMNS, Why

_HEADINGS = {column.name: column.heading for column in COLUMNS}


@dataclass(frozen=True)
class Refusal:
    line: int
    why: Why
    column: str = ""
    shown: str = ""

    @property
    def heading(self) -> str:
        return _HEADINGS.get(self.column, "")

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.why]) % {"shown": self.shown, "heading": self.heading}

    def __str__(self) -> str:
        return str(_("Ligne %(line)s : %(sentence)s")) % {"line": self.line, "sentence": self.sentence}


SENTENCES: dict[Why, Promise] = {
    Why.NO_CAMPAIGN: _("la campagne manque. Écrivez son adresse courte dans « %(heading)s »."),
    Why.UNKNOWN_CAMPAIGN: _("aucune campagne « %(shown)s » ici. Ouvrez-la d’abord, ou corrigez son adresse courte."),
    Why.DECLARED_CAMPAIGN: _("« %(shown)s » est tenue en chiffres déclarés : elle ne reçoit pas de lignes."),
    Why.DATE: _("« %(shown)s » n’est pas une date. Écrivez-la ainsi : 14/03/2018."),
    Why.FUTURE: _("la séance du %(shown)s n’a pas encore eu lieu. Corrigez la date."),
    Why.UNKNOWN_HUB: _("aucun pôle « %(shown)s » ici. Écrivez son nom comme dans l’annuaire, ou laissez vide."),
    Why.OTHER_HUB: _(
        "« %(shown)s » est un autre pôle que le vôtre. Son équipe importe ses lignes, ou la coordination."
    ),
    Why.HUB_MISSING: _("le pôle manque. Écrivez lequel a reçu, dans « %(heading)s »."),
    Why.CODE: _("le code n’est pas un mot suivi d’un nombre (Roseau 27). Les noms ne s’importent pas : effacez-les."),
    Why.NO_CARDS: _("cette structure ne tient pas de fiches. Laissez le code vide, ou mettez une référence."),
    Why.REF: _(
        "la référence doit contenir un chiffre et faire 24 signes au plus (12, A-12). Les noms ne s’importent pas."
    ),
    Why.SEX: _("« %(shown)s » n’est pas compris pour le sexe. Écrivez F, H, autre, ou laissez vide."),
    Why.AGE: _("« %(shown)s » n’est pas un âge. Écrivez un nombre d’années, une tranche (45-64), ou laissez vide."),
    Why.LANGUAGE: _("la langue « %(shown)s » n’est pas dans notre liste. Écrivez son nom français, ou laissez vide."),
    Why.RESULT: _(
        "le résultat « %(shown)s » n’est pas compris. Écrivez rien, rendez-vous, équipement, urgent, parti, ou laissez vide."
    ),
    Why.REFERRED_TO: _(
        "« %(shown)s » n’est pas dans l’annuaire. Écrivez son nom exact, ou partenaire, ailleurs, refus, nulle part."
    ),
    Why.NO_RECIPIENT: _("la campagne n’a pas de partenaire. Choisissez-le sur la campagne, ou écrivez son nom ici."),
    Why.AGREEMENT: _("l’accord se dit par oui, ou se laisse vide."),
    Why.AGREEMENT_WITHOUT_CODE: _("un accord est celui de quelqu’un : donnez aussi un code à cette personne."),
    Why.AGREEMENT_ELSEWHERE: _(
        "l’accord de cette personne se garde dans son pôle. Son équipe importe cette ligne, ou laissez l’accord vide."
    ),
    Why.ATTENDED: _(
        "« %(shown)s » n’est pas compris pour la venue. Écrivez oui, non, déplacé, refusé, venu pas vu, à venir, ou laissez vide."
    ),
    Why.OUTCOME: _("la suite « %(shown)s » n’est pas comprise. Écrivez équipé, soigné, rien, ou laissez vide."),
    Why.DELAY: _("« %(shown)s » n’est pas un nombre de semaines, de 0 à 520."),
    Why.SEEN_ON: _("« %(shown)s » n’est pas une date de rendez-vous. Écrivez-la ainsi : 09/05/2018."),
    Why.SEEN_BEFORE: _("le rendez-vous du %(shown)s est avant la séance. Corrigez l’une des deux dates."),
    Why.TWO_DELAYS: _("le délai et la date du rendez-vous ne disent pas la même chose. Gardez celui qui est sûr."),
    Why.CONTRADICTION: _("%(shown)s"),
    Why.TWICE: _("la même personne est déjà à la ligne %(shown)s pour cette séance. Gardez une seule des deux."),
    Why.SAYS_OTHERWISE: _(
        "déjà enregistrée, avec une autre réponse dans « %(heading)s ». Corrigez le fichier, ou la ligne à l’écran."
    ),
    Why.NOT_HELD: _("cette séance est notée comme non tenue. Rouvrez-la, ou corrigez la date."),
    Why.COUNTED_WHOLE: _("cette séance est comptée en bloc (%(shown)s). Effacez ce nombre avant d’importer sa liste."),
    Why.TOO_MANY_CELLS: _("il y a plus de cases que de titres. Un séparateur est sans doute resté dans un texte."),
    Why.INSURED: _("un numéro d’assuré social est dans « %(heading)s ». Il ne se garde jamais : effacez-le."),
}
