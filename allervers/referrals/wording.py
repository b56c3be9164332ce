"""The words of messages to a person, by language: no name, no health word, no place. Not checked by native speakers.

A language without words of its own falls back on a neighbour that its speakers read, else on French.
"""

# Language code → the code of the words it gets. Spoken Arabics are written in the standard one.
LANGUAGES = {
    "fr": "fr", "en": "en", "ar": "ar", "es": "es", "pt": "pt", "tr": "tr", "ro": "ro",
    "ary": "ar", "arq": "ar", "aeb": "ar", "apc": "ar", "mey": "ar", "rom": "ro",
}  # fmt: skip

# {when} is day/month and time; {phone} the hub's number.
APPOINTMENT = {
    "fr": "Rappel : vous avez un rendez-vous le {when}. Pour changer ou pour de l’aide : {phone}",
    "en": "Reminder: you have an appointment on {when}. To change it or for help: {phone}",
    "ar": "تذكير: لديك موعد يوم {when}. للتغيير أو للمساعدة: {phone}",
    "es": "Recordatorio: tiene una cita el {when}. Para cambiarla o pedir ayuda: {phone}",
    "pt": "Lembrete: tem uma marcação no dia {when}. Para mudar ou pedir ajuda: {phone}",
    "tr": "Hatırlatma: {when} tarihinde randevunuz var. Değiştirmek veya yardım için: {phone}",
    "ro": "Memento: aveți o programare pe {when}. Pentru a o schimba sau pentru ajutor: {phone}",
}

# {url} is her own link.
SAY = {
    "fr": "Est-ce fait, pas encore, ou personne ne vous a appelé·e ? Dites-le ici : {url}",
    "en": "Is it done, not yet, or did nobody call you? Tell us here: {url}",
    "ar": "هل تم الأمر، أم ليس بعد، أم لم يتصل بك أحد؟ أخبرنا هنا: {url}",
    "es": "¿Ya está hecho, todavía no, o nadie le ha llamado? Díganoslo aquí: {url}",
    "pt": "Já está feito, ainda não, ou ninguém lhe telefonou? Diga-nos aqui: {url}",
    "tr": "Oldu mu, henüz olmadı mı, yoksa kimse aramadı mı? Buradan söyleyin: {url}",
    "ro": "S-a făcut, încă nu, sau nu v-a sunat nimeni? Spuneți-ne aici: {url}",
}
