"""Our own registry of content languages, dialects included: what people speak, whatever software supports.

Codes are BCP 47 where one exists. Autonyms have not all been checked by native speakers; the newsroom will say which.
Languages of the interface are fewer: `interface` names the catalogue in which a speaker reads our own words, "" when there
is none and the pages speak by pictures and voice.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    code: str
    french: str
    autonym: str
    script: str = "Latn"

    @property
    def direction(self) -> str:
        return "rtl" if self.script in {"Arab", "Hebr"} else "ltr"

    @property
    def interface(self) -> str:
        return _INTERFACES.get(self.code, "")

    @property
    def tag(self) -> str:
        """For the `lang` of a page: a tag that screen readers know."""
        return "fr" if self.code == FALC else self.code


FRENCH, FALC = "fr", "fr-FALC"

# Speakers of a dialect read the written language that schools teach.
_INTERFACES = {
    FRENCH: "fr", FALC: "fr-falc", "en": "en", "es": "es", "pt": "pt", "tr": "tr", "ro": "ro", "ru": "ru", "uk": "uk",
    "bn": "bn", "ta": "ta", "zh": "zh-hans", "wuu": "zh-hans", "prs": "fa", "fa": "fa",
    "ar": "ar", "ary": "ar", "arq": "ar", "aeb": "ar", "apc": "ar", "mey": "ar",
}  # fmt: skip

_ROWS = """
fr|français|Français|Latn
fr-FALC|français facile à lire|Français facile|Latn
fsl|langue des signes française|LSF|Latn
en|anglais|English|Latn
ar|arabe|العربية|Arab
ary|arabe marocain (darija)|الدارجة|Arab
arq|arabe algérien|الدارجة الجزائرية|Arab
aeb|arabe tunisien|تونسي|Arab
apc|arabe levantin|شامي|Arab
ber|berbère (tamazight)|Tamaziɣt|Latn
kab|kabyle|Taqbaylit|Latn
shy|chaoui|Tacawit|Latn
rif|rifain|Tarifit|Latn
shi|chleuh (tachelhit)|Taclḥit|Latn
snk|soninké|Sooninkanxanne|Latn
bm|bambara|Bamanankan|Latn
dyu|dioula|Julakan|Latn
wo|wolof|Wolof|Latn
ff|peul (pulaar)|Pulaar|Latn
mnk|mandinka|Mandinka|Latn
sus|soussou|Sosoxui|Latn
lg-hassaniya|hassaniya|حسانية|Arab
zdj|comorien|Shikomori|Latn
buc|mahorais (kibushi)|Kibushi|Latn
mg|malgache|Malagasy|Latn
ln|lingala|Lingála|Latn
sw|swahili|Kiswahili|Latn
kg|kikongo|Kikongo|Latn
lua|tshiluba|Tshiluba|Latn
ha|haoussa|Hausa|Latn
yo|yoruba|Yorùbá|Latn
ig|igbo|Igbo|Latn
bci|baoulé|Baoulé|Latn
ee|éwé|Eʋegbe|Latn
ti|tigrinya|ትግርኛ|Ethi
am|amharique|አማርኛ|Ethi
om|oromo|Afaan Oromoo|Latn
so|somali|Soomaali|Latn
ps|pachto|پښتو|Arab
prs|dari|دری|Arab
fa|persan|فارسی|Arab
ku|kurde (kurmandji)|Kurdî|Latn
ckb|kurde (sorani)|کوردی|Arab
tr|turc|Türkçe|Latn
ur|ourdou|اردو|Arab
hi|hindi|हिन्दी|Deva
pa|pendjabi|ਪੰਜਾਬੀ|Guru
bn|bengali|বাংলা|Beng
ta|tamoul|தமிழ்|Taml
ml|malayalam|മലയാളം|Mlym
si|cingalais|සිංහල|Sinh
zh|chinois (mandarin)|中文|Hans
wuu|chinois (wenzhou)|温州话|Hans
vi|vietnamien|Tiếng Việt|Latn
km|khmer|ខ្មែរ|Khmr
th|thaï|ไทย|Thai
tl|tagalog|Tagalog|Latn
mn|mongol|Монгол|Cyrl
ru|russe|Русский|Cyrl
uk|ukrainien|Українська|Cyrl
ka|géorgien|ქართული|Geor
hy|arménien|Հայերեն|Armn
ce|tchétchène|Нохчийн|Cyrl
ro|roumain|Română|Latn
rom|romani|Romani čhib|Latn
bg|bulgare|Български|Cyrl
sq|albanais|Shqip|Latn
sr|serbe, croate, bosnien|Srpski|Latn
mk|macédonien|Македонски|Cyrl
pl|polonais|Polski|Latn
cs|tchèque, slovaque|Čeština|Latn
hu|hongrois|Magyar|Latn
es|espagnol|Español|Latn
pt|portugais|Português|Latn
it|italien|Italiano|Latn
de|allemand|Deutsch|Latn
el|grec|Ελληνικά|Grek
he|hébreu|עברית|Hebr
ht|créole haïtien|Kreyòl ayisyen|Latn
gcf|créole antillais|Kréyòl|Latn
rcf|créole réunionnais|Kréol rényoné|Latn
""".replace("lg-hassaniya", "mey")

LANGUAGES: dict[str, Language] = {
    code: Language(code, french, autonym, script)
    for code, french, autonym, script in (row.split("|") for row in _ROWS.split("\n") if row)
}
CHOICES = [(language.code, language.french) for language in LANGUAGES.values()]


def name(code: str) -> str:
    """The French name of a language, or the code itself when it is not ours."""
    language = LANGUAGES.get(code)
    return language.french if language else code
