"""What can go wrong for a user: each error is the sentence she reads, and says what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A referral or a list refuses what was asked; its text is shown."""

    sentence: str | Promise = ""

    def __str__(self) -> str:
        return str(self.sentence)


class NoAgreement(Refused):
    sentence = _(
        "L’orientation ne part pas : il manque l’accord de la personne, pour ce partenaire et pour ce contenu. "
        "Recueillez-le ci-dessous, ou gardez le brouillon."
    )


class NobodyToRefer(Refused):
    sentence = _("Ce besoin n’a ni fiche ni code. Donnez-lui d’abord un code, puis orientez.")


class PersonErased(Refused):
    sentence = _("Cette personne a été effacée : rien d’elle ne part plus. Annulez le brouillon, s’il y en a un.")


class NeedIsClosed(Refused):
    sentence = _("Ce besoin est clos. Rouvrez-le avant d’orienter.")


class NotARecipient(Refused):
    sentence = _("Cette structure n’est pas dans votre réseau ou n’est plus ouverte. Choisissez-en une autre.")


class AlreadyReferred(Refused):
    sentence = _("Ce besoin est déjà orienté vers cette structure et attend sa réponse.")


class AlreadySent(Refused):
    sentence = _("Cette orientation est déjà partie.")


class NotYours(Refused):
    sentence = _("Seule l’équipe qui suit la personne peut faire cela : demandez-lui.")


class NothingToPropose(Refused):
    sentence = _("On propose à nouveau après un rendez-vous manqué, un refus ou une venue sans être vu·e.")


class AlreadyEnded(Refused):
    sentence = _("Cette orientation est déjà terminée.")


class NoAddress(Refused):
    sentence = _("Ce partenaire n’a pas d’adresse électronique. Ajoutez-la dans l’annuaire, ou appelez-le.")


class DateMissing(Refused):
    sentence = _("Il manque la date et l’heure du rendez-vous.")


class DateTooFar(Refused):
    sentence = _("Ce rendez-vous est à plus de deux ans d’aujourd’hui. Vérifiez l’année.")


class NothingToList(Refused):
    sentence = _("Aucune orientation n’attend ce partenaire : il n’y a rien à lui demander.")


class ListClosed(Refused):
    sentence = _("Ce lien n’est plus ouvert. Appelez l’accueil qui vous l’a envoyé : un autre vous sera donné.")


class CodeWrong(Refused):
    sentence = _("Ce n’est pas ce code. Vérifiez les six chiffres.")


class CodeLocked(Refused):
    sentence = _("Cinq codes faux : la liste est verrouillée. Appelez l’accueil, un nouveau code vous sera donné.")


class TooLateToUndo(Refused):
    sentence = _("On annule pendant un jour. Passé ce délai, corrigez la réponse.")
