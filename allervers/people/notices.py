"""The exact words of what a person is told and asked, in each language that we have, with their version. Pure.

A language without a text falls back to one its readers or interpreters can use, and says so: the words kept on a receipt
are always the words that were shown or read. When a sentence changes, `VERSION` changes; receipts keep the old words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

VERSION = "2026-2"

# Written alike wherever it is spoken; everyone else gets easy French, to be said in the person's language.
_WRITTEN_IN = {"ary": "ar", "arq": "ar", "aeb": "ar", "apc": "ar", "mey": "ar"}
_FALLBACK = "fr-FALC"

_TEXTS: dict[tuple[str, str], str] = {
    ("information", "fr"): (
        "{organisation} garde quelques informations sur vous pour vous aider sans vous faire répéter : ce que vous nous "
        "dites de vous, vos besoins de santé et de vie quotidienne, ce qui a été fait. L’association le fait dans "
        "l’intérêt de votre accompagnement (RGPD, articles 6.1.f et 9.2.d).\n"
        "Vous choisissez ce que vous dites : un prénom, un surnom ou aucun nom. Nous ne vous demandons jamais votre "
        "nationalité, votre religion ni vos papiers.\n"
        "Seule l’équipe qui vous reçoit lit votre nom. Chaque lecture est notée : vous pouvez demander qui a lu.\n"
        "Rien ne part vers une autre structure sans votre accord.\n"
        "Après {months} mois sans nouvelles de vous, votre nom est effacé.\n"
        "Vous pouvez lire ces informations, les corriger, en avoir une copie, les faire effacer, ou ne pas être "
        "rappelé·e : dites-le à l’équipe, ou à la CNIL (cnil.fr). Dire non ne vous prive d’aucune aide."
    ),
    ("information", "fr-FALC"): (
        "{organisation} écrit des choses sur vous.\n"
        "C’est pour vous aider. C’est pour ne pas vous demander deux fois.\n"
        "On écrit : ce que vous dites, ce dont vous avez besoin, ce qu’on a fait.\n"
        "Vous pouvez ne pas dire votre nom.\n"
        "On ne demande pas votre pays. On ne demande pas votre religion. On ne demande pas vos papiers.\n"
        "Seule l’équipe lit votre nom. Vous pouvez demander qui l’a lu.\n"
        "On ne donne rien à d’autres sans votre accord.\n"
        "Si on ne vous voit plus pendant {months} mois, on efface votre nom.\n"
        "Vous pouvez lire ce qu’on écrit. Vous pouvez le faire changer. Vous pouvez le faire effacer.\n"
        "Vous pouvez dire : ne m’appelez pas.\n"
        "Si vous dites non, on vous aide quand même."
    ),
    ("information", "en"): (
        "{organisation} keeps some information about you, to help you without asking you to repeat yourself: what you "
        "tell us about yourself, what you need for your health and daily life, and what was done. The association does "
        "this to support you (GDPR, articles 6.1.f and 9.2.d).\n"
        "You choose what you say: a first name, a nickname or no name. We never ask for your nationality, your religion "
        "or your papers.\n"
        "Only the team that receives you reads your name. Each reading is noted: you may ask who read it.\n"
        "Nothing goes to another organisation without your agreement.\n"
        "After {months} months without news from you, your name is erased.\n"
        "You may read this information, correct it, have a copy, have it erased, or ask not to be called back: tell the "
        "team, or the CNIL (cnil.fr). Saying no takes no help away from you."
    ),
    ("information", "ar"): (
        "تحتفظ {organisation} ببعض المعلومات عنك لكي نساعدك دون أن نطلب منك إعادة الكلام: ما تقوله لنا عن نفسك، "
        "وما تحتاج إليه في صحتك وحياتك اليومية، وما تمّ فعله. تقوم الجمعية بذلك من أجل مرافقتك "
        "(اللائحة العامة لحماية البيانات، المادتان \u20686.1.f\u2069 و\u20689.2.d\u2069).\n"
        "أنت تختار ما تقوله: الاسم الأول أو اسم مستعار أو بدون اسم. لا نسألك أبدا عن جنسيتك ولا عن دينك ولا عن أوراقك.\n"
        "الفريق الذي يستقبلك هو وحده من يقرأ اسمك. كل قراءة تُسجَّل، ويمكنك أن تسأل من قرأ.\n"
        "لا يُرسل أي شيء إلى جهة أخرى دون موافقتك.\n"
        "بعد {months} شهرا بدون أخبار منك، يُمحى اسمك.\n"
        "يمكنك قراءة هذه المعلومات أو تصحيحها أو أخذ نسخة منها أو طلب محوها، أو طلب عدم الاتصال بك: قل ذلك للفريق أو "
        "لهيئة CNIL \u200f(cnil.fr). إذا قلت لا، تبقى المساعدة كما هي."
    ),
    ("sharing", "fr"): (
        "Vous êtes d’accord pour que {organisation} transmette à {recipient} : {content}.\n"
        "Rien d’autre ne partira, et à personne d’autre.\n"
        "{recipient} nous dira si vous êtes venu·e et ce qui a été fait, jamais un diagnostic.\n"
        "Vous pouvez changer d’avis quand vous voulez : ce qui n’est pas encore parti ne partira pas."
    ),
    ("sharing", "fr-FALC"): (
        "{organisation} veut donner des informations à {recipient}.\n"
        "On donne seulement : {content}.\n"
        "On ne donne rien à d’autres.\n"
        "{recipient} nous dit si vous êtes venu. {recipient} ne nous dit pas votre maladie.\n"
        "Vous dites oui. Vous pouvez dire non plus tard."
    ),
    ("sharing", "en"): (
        "You agree that {organisation} sends to {recipient}: {content}.\n"
        "Nothing else will leave, and to nobody else.\n"
        "{recipient} will tell us whether you came and what was done, never a diagnosis.\n"
        "You may change your mind at any time: what has not left yet will not leave."
    ),
    ("sharing", "ar"): (
        "أنت موافق على أن ترسل {organisation} إلى {recipient}: {content}.\n"
        "لن يُرسل أي شيء آخر، ولا إلى أي جهة أخرى.\n"
        "سيخبرنا {recipient} هل جئت وما الذي تمّ، ولن يخبرنا أبدا بالتشخيص.\n"
        "يمكنك تغيير رأيك متى شئت: ما لم يُرسل بعد لن يُرسل."
    ),
    ("no_follow_up", "fr"): "Vous ne souhaitez pas être rappelé·e. Nous ne vous appellerons pas et ne vous écrirons pas. "
    "Vous pouvez revenir quand vous voulez.",
    ("no_follow_up", "fr-FALC"): "Vous ne voulez pas qu’on vous appelle.\nOn ne vous appelle pas. On ne vous écrit pas.\n"
    "Vous pouvez revenir quand vous voulez.",
    ("no_follow_up", "en"): "You do not wish to be called back. We will not call you or write to you. "
    "You may come back whenever you like.",
    ("no_follow_up", "ar"): "لا ترغب في أن نتصل بك. لن نتصل بك ولن نكتب لك. يمكنك أن تعود متى شئت.",
    ("reminders", "fr"): "Vous êtes d’accord pour recevoir un message avant vos rendez-vous. Il ne dira ni votre nom, "
    "ni le motif. Vous pouvez l’arrêter quand vous voulez.",
    ("reminders", "fr-FALC"): "Vous êtes d’accord : on vous envoie un message avant le rendez-vous.\n"
    "Le message ne dit pas votre nom. Le message ne dit pas pourquoi.\nVous pouvez dire stop.",
    ("reminders", "en"): "You agree to receive a message before your appointments. It will say neither your name nor the "
    "reason. You may stop it at any time.",
    ("reminders", "ar"): "أنت موافق على أن تصلك رسالة قبل مواعيدك. لن تذكر الرسالة اسمك ولا السبب. يمكنك إيقافها متى شئت.",
    ("hand_back", "fr"): "Vous êtes d’accord pour que la personne qui vous a amené·e sache que c’est fait. Elle ne saura "
    "rien d’autre. Vous pouvez changer d’avis.",
    ("hand_back", "fr-FALC"): "Vous êtes d’accord : la personne qui vous a amené saura que c’est fait.\n"
    "Elle ne saura rien d’autre.\nVous pouvez dire non plus tard.",
    ("hand_back", "en"): "You agree that the person who brought you hears that it is done. She will know nothing else. "
    "You may change your mind.",
    ("hand_back", "ar"): "أنت موافق على أن يعرف الشخص الذي أحضرك أن الأمر قد تمّ. لن يعرف شيئا آخر. يمكنك تغيير رأيك.",
}  # fmt: skip

_CONTENT: dict[str, dict[str, str]] = {
    "initials": {"fr": "vos initiales", "en": "your initials", "ar": "الحروف الأولى من اسمك"},
    "name": {"fr": "votre nom et votre prénom", "en": "your name", "ar": "اسمك ولقبك"},
    "birth_year": {"fr": "votre année de naissance", "en": "your year of birth", "ar": "سنة ميلادك"},
    "need": {"fr": "ce dont vous avez besoin", "en": "what you need", "ar": "ما تحتاج إليه"},
    "language": {
        "fr": "la langue que vous parlez et si un interprète aide",
        "en": "the language you speak and whether an interpreter helps",
        "ar": "اللغة التي تتكلمها وهل يفيدك مترجم",
    },
    "phone": {
        "fr": "votre téléphone et les heures où appeler",
        "en": "your telephone number and when to call",
        "ar": "رقم هاتفك وأوقات الاتصال",
    },
    "address": {"fr": "votre adresse", "en": "your address", "ar": "عنوانك"},
}

# Said first when someone else decides for the person.
_AGREED_BY: dict[str, dict[str, str]] = {
    "parent": {
        "fr": "Dit au parent, qui décide pour l’enfant.",
        "en": "Said to the parent, who decides for the child.",
        "ar": "قيل للوالد أو الوالدة، الذي يقرر عن الطفل.",
    },
    "guardian": {
        "fr": "Dit au tuteur ou à la tutrice, qui décide pour la personne.",
        "en": "Said to the guardian, who decides for the person.",
        "ar": "قيل للوصي، الذي يقرر عن الشخص.",
    },
    "curator": {
        "fr": "Dit à la personne avec sa curatrice ou son curateur.",
        "en": "Said to the person together with her curator.",
        "ar": "قيل للشخص بحضور القيّم عليه.",
    },
}
_AND = {"fr": " et ", "en": " and ", "ar": " و"}
_COMMA = {"fr": ", ", "en": ", ", "ar": "، "}

WRITTEN = sorted({language for _kind, language in _TEXTS})


@dataclass(frozen=True)
class Notice:
    """`words` in `language`; `fell_back` when the person asked for another one."""

    version: str
    language: str
    words: str
    fell_back: bool


def written_language(asked: str) -> str:
    """In which of our languages a speaker of `asked` is served."""
    if asked in WRITTEN:
        return asked
    return _WRITTEN_IN.get(asked, _FALLBACK)


def best_language(reads: Sequence[str], speaks: Sequence[str]) -> str:
    """The language to open a notice in: one she reads and we have, else one she speaks and we have, else her first."""
    for language in (*reads, *speaks):
        if written_language(language) != _FALLBACK or language == _FALLBACK:
            return language
    return next((language for language in (*speaks, *reads) if language != "none"), "fr")


def notice(
    kind: str,
    language: str,
    *,
    organisation: str,
    recipient: str = "",
    content: Sequence[str] = (),
    months: int = 24,
    agreed_by: str = "self",
) -> Notice:
    """The words of one kind of `enums.ReceiptKind`. Raises `KeyError` for an unknown kind or content."""
    written = written_language(language)
    told = _TEXTS[kind, written].format(
        organisation=_isolated(organisation, written),
        recipient=_isolated(recipient, written),
        content=content_words(content, written),
        months=months,
    )
    first = _AGREED_BY.get(agreed_by, {}).get(_base(written), "")
    return Notice(VERSION, written, f"{first}\n{told}" if first else told, fell_back=written != language)


def content_words(content: Sequence[str], language: str) -> str:
    """The codes of what may be sent, as a list in words."""
    base = _base(language)
    parts = [_CONTENT[code][base] for code in content]
    if len(parts) < 2:
        return "".join(parts)
    return _COMMA[base].join(parts[:-1]) + _AND[base] + parts[-1]


def _isolated(name: str, language: str) -> str:
    """A French name inside Arabic keeps its own direction (Unicode isolates), on screen, on paper and in the receipt."""
    return f"\u2068{name}\u2069" if language == "ar" else name


def _base(language: str) -> str:
    return "fr" if language.startswith("fr") else language
