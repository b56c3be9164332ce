"""What is written to partners and to persons: no name, no initials, no health word outside the sealed page."""

from zoneinfo import ZoneInfo

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from allervers.accounts.models import Hub, Organisation
from allervers.referrals import wording
from allervers.referrals.models import Referral, ReturnList

_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def mobile_of(organisation: Organisation) -> str:
    """The partner's mobile number, international; empty when its telephone is a land line or absent."""
    try:
        number = phonenumbers.parse(organisation.phone, "FR")
    except phonenumbers.NumberParseException:
        return ""
    french_mobile = number.country_code == 33 and str(number.national_number)[:1] in {"6", "7"}
    if not french_mobile and phonenumbers.number_type(number) not in _MOBILE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def return_link(return_list: ReturnList, url: str) -> tuple[str, str]:
    count = return_list.lines.count()
    with override("fr"):
        subject = ngettext(
            "Une personne vous a été envoyée : donnez-nous de ses nouvelles",
            "%(count)s personnes vous ont été envoyées : donnez-nous de leurs nouvelles",
            count,
        ) % {"count": count}
        return subject, "\n\n".join([_greeting(return_list), _how(return_list, url), _sender(return_list)])


def chase(return_list: ReturnList, count: int, url: str) -> tuple[str, str]:
    with override("fr"):
        subject = ngettext(
            "Une réponse attendue pour une personne",
            "Des réponses attendues pour %(count)s personnes",
            count,
        ) % {"count": count}
        text = _(
            "Nous n’avons pas encore de nouvelles. "
            "Une réponse par personne suffit, même « pas venu·e » : les rappels s’arrêtent pour elle."
        )
        return subject, "\n\n".join([_greeting(return_list), text, _how(return_list, url), _sender(return_list)])


def withdrawn(referral: Referral) -> tuple[str, str]:
    with override("fr"):
        subject = _("N’attendez plus la personne %(code)s") % {"code": referral.line_code}
        text = _("La personne notée %(code)s ne souhaite plus être orientée vers vous. Vous n’avez rien à répondre.")
        return subject, text % {"code": referral.line_code} + "\n\n" + _phone_of(referral.hub, referral.organisation)


def return_code(digits: str) -> str:
    with override("fr"):
        return _("Votre code pour la liste reçue par courriel : %(digits)s") % {"digits": digits}


def appointment(referral: Referral, language: str) -> str:
    """To the person, before it. The moment is written in digits, in her network's time."""
    assert referral.appointment_at is not None
    local = referral.appointment_at.astimezone(ZoneInfo(referral.organisation.network.timezone))
    phone = _phone_of(referral.hub, referral.organisation)
    return wording.APPOINTMENT[language].format(when=f"{local:%d/%m, %H:%M}", phone=phone)


def say(url: str, language: str) -> str:
    return wording.SAY[language].format(url=url)


def _greeting(return_list: ReturnList) -> str:
    return _("Bonjour,")


def _how(return_list: ReturnList, url: str) -> str:
    day = return_list.expires_at.astimezone(ZoneInfo(return_list.network.timezone))
    lines = [
        _("Répondez sur cette page, en touchant une réponse par personne : %(url)s") % {"url": url},
        _("Elle demande le code à six chiffres qui vous parvient par un autre chemin (SMS ou téléphone)."),
        _("Elle reste ouverte jusqu’au %(day)s.") % {"day": f"{day:%d/%m/%Y}"},
    ]
    return "\n".join(lines)


def _sender(return_list: ReturnList) -> str:
    name = return_list.hub.name if return_list.hub else return_list.organisation.name
    phone = _phone_of(return_list.hub, return_list.organisation)
    return f"{name}\n{phone}".strip()


def _phone_of(hub: Hub | None, organisation: Organisation) -> str:
    return (hub.phone if hub else "") or organisation.phone
