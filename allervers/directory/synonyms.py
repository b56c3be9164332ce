"""What people call things, in the languages met at the desk: words and phrases that lead to a theme.

Data only. Each theme's words are parted by commas; a phrase matches as a whole; accents and case do not matter.
Not all languages have been checked by native speakers: a wrong word finds too much, never hides a service.
"""

from allervers.directory.enums import Theme

THEME_WORDS: dict[str, str] = {
    Theme.GP: """
        médecin traitant, médecin généraliste, généraliste, médecin, docteur, consultation médicale, médecine
        générale, toubib, gp, general practitioner, doctor, family doctor, physician, طبيب, طبيب عام, طبيب
        الأسرة, دكتور, doktor, aile hekimi, hekim, medic, medic de familie, doctor de familie, médico, médico de
        família, médico de cabecera, clínico geral, врач, терапевт, 医生, ডাক্তার, மருத்துவர், ডাক্তার, mjek,
        lekarz""",
    Theme.EYES: """
        ophtalmo, ophtalmologue, ophtalmologie, ophtalmologiste, oculiste, oeil, yeux, vue, vision, optique,
        opticien, opticienne, lunettes, lunette, lentilles, orthoptiste, cataracte, glaucome, eye, eyes, eye
        doctor, glasses, optician, ophthalmologist, eyesight, طبيب عيون, عيون, عين, نظارات, نظارة, بصر, göz, göz
        doktoru, gözlük, oftalmolog, ochi, ochelari, doctor de ochi, oftalmologista, olhos, óculos, oculista,
        oftalmólogo, ojos, gafas, lentes, глаза, очки, окулист, 眼科, 眼镜, கண், চোখ, syze, okulista""",
    Theme.TEETH: """
        dentiste, dentaire, dent, dents, chirurgien dentiste, odontologie, odontologue, stomatologue,
        stomatologie, orthodontiste, orthodontie, carie, rage de dents, mal aux dents, prothèse dentaire,
        appareil dentaire, gencive, gencives, bouche, tooth, teeth, dental, dentist, toothache, طبيب أسنان,
        أسنان, سن, ضرس, diş, diş hekimi, diş doktoru, dişçi, dinte, dinți, stomatolog, doctor de dinți, dentar,
        dentista, dentes, dente, dientes, diente, muelas, зубы, зуб, стоматолог, 牙医, 牙, பல், দাঁত, dhëmb,
        dentyst""",
    Theme.HEARING: """
        audition, audioprothésiste, audioprothèse, oreille, oreilles, orl, sourd, sourde, surdité, appareil
        auditif, malentendant, otorhino, hearing, hearing aid, ear, ears, deaf, سمع, أذن, سماعة, kulak, işitme,
        işitme cihazı, auz, ureche, urechi, audição, ouvido, aparelho auditivo, oído, audífono, слух, ухо, 听力,
        耳朵""",
    Theme.SPECIALIST: """
        spécialiste, médecin spécialiste, cardiologue, cardiologie, coeur, dermatologue, dermatologie, dermato,
        peau, pneumologue, pneumologie, poumon, rhumatologue, gastro, gastroentérologue, neurologue, neurologie,
        urologue, endocrinologue, radiologie, radio, scanner, irm, kiné, kinésithérapeute, kinésithérapie,
        podologue, pédicure, allergologue, chirurgien, chirurgie, specialist, cardiologist, heart, skin doctor,
        dermatologist, physiotherapy, x-ray, أخصائي, قلب, جلد, طبيب جلدية, أشعة, uzman doktor, kalp, cilt,
        cardiolog, inimă, dermatolog, piele, especialista, cardiologista, coração, cardiólogo, corazón, piel,
        кардиолог, дерматолог""",
    Theme.WOMEN: """
        gynécologue, gynécologie, gynéco, sage-femme, sagefemme, sage femme, maternité, grossesse, enceinte,
        accouchement, contraception, contraceptif, pilule, stérilet, préservatif, ivg, avortement, planning
        familial, périnatalité, échographie, règles, ménopause, santé sexuelle, frottis, pregnancy, pregnant,
        midwife, gynecologist, birth control, abortion, family planning, maternity, حامل, حمل, قابلة, ولادة,
        طبيبة نساء, نساء, منع الحمل, إجهاض, hamile, gebelik, ebe, kadın doğum, kadın doktoru, doğum, kürtaj,
        doğum kontrolü, gravidă, însărcinată, sarcină, moașă, ginecolog, avort, contracepție, grávida, gravidez,
        parteira, ginecologista, aborto, contraceção, embarazada, embarazo, comadrona, partera, ginecólogo,
        anticonceptivo, беременность, беременна, гинеколог, 怀孕, 妇科, shtatzënë, ciąża""",
    Theme.CHILDREN: """
        pédiatre, pédiatrie, enfant, enfants, bébé, nourrisson, pmi, protection maternelle et infantile, crèche,
        puéricultrice, puériculture, orthophoniste, orthophonie, adolescent, camsp, cmpp, child, children, baby,
        pediatrician, طفل, أطفال, طبيب أطفال, رضيع, çocuk, çocuk doktoru, bebek, copil, copii, pediatru,
        bebeluș, criança, crianças, pediatra, bebé, niño, niños, ребенок, дети, педиатр, 儿童, 儿科, fëmijë, dziecko""",
    Theme.MENTAL: """
        psy, psychologue, psychologie, psychiatre, psychiatrie, psychothérapeute, psychothérapie, santé mentale,
        écoute, dépression, déprime, angoisse, anxiété, stress, burn out, suicide, souffrance psychique, cmp,
        centre médico psychologique, trauma, traumatisme, mental health, psychologist, psychiatrist, therapist,
        depression, anxiety, counselling, نفسي, طبيب نفسي, صحة نفسية, اكتئاب, قلق, psikolog, psikiyatri,
        psikiyatrist, ruh sağlığı, depresyon, psiholog, psihiatru, sănătate mintală, depresie, psicólogo,
        psicóloga, psiquiatra, saúde mental, salud mental, depresión, психолог, психиатр, депрессия, 心理,
        psikologu""",
    Theme.ADDICTION: """
        addiction, addictions, addictologie, addictologue, alcool, alcoolisme, drogue, drogues, toxicomanie,
        toxicomane, tabac, tabacologue, cigarette, fumer, csapa, caarud, cannabis, jeux d'argent, sevrage,
        méthadone, alcohol, drugs, smoking, quit smoking, rehab, إدمان, مخدرات, كحول, تدخين, bağımlılık, alkol,
        uyuşturucu, sigara, dependență, alcool, droguri, fumat, dependência, álcool, drogas, tabaco, adicción,
        алкоголь, наркотики, зависимость""",
    Theme.VACCINATION: """
        vaccin, vaccins, vaccination, vacciner, piqûre, rappel, carnet de vaccination, vaccine, vaccines, jab,
        shot, immunisation, لقاح, تطعيم, تلقيح, aşı, aşılar, vaccinare, vacina, vacinas, vacinação, vacuna,
        vacunas, vacunación, прививка, вакцина, 疫苗, வாக்சின், টিকা, vaksinë, szczepienie""",
    Theme.SCREENING: """
        dépistage, dépister, bilan de santé, bilan, examen de santé, analyse, analyses, prise de sang,
        laboratoire, mammographie, cegidd, vih, sida, hépatite, hépatites, ist, mst, tuberculose, cancer, centre
        de lutte antituberculeuse, clat, screening, check-up, checkup, health check, blood test, hiv, فحص,
        تحليل, تحاليل, فحص دم, tarama, kan testi, tahlil, sağlık kontrolü, depistare, analize, analiză de sânge,
        rastreio, análises, exame, análisis, chequeo, detección, анализ, обследование""",
    Theme.CHRONIC: """
        diabète, diabétique, diabétologue, insuline, hypertension, tension, maladie chronique, asthme,
        insuffisance rénale, dialyse, éducation thérapeutique, ald, obésité, nutrition, diététicien,
        diététicienne, nutritionniste, diabetes, diabetic, blood pressure, dietitian, سكري, مرض السكري, ضغط
        الدم, ربو, şeker hastalığı, diyabet, tansiyon, diabet, tensiune, diabetes, tensão, dietista, tensión,
        диабет, давление""",
    Theme.PHARMACY: """
        pharmacie, pharmacien, pharmacienne, médicament, médicaments, infirmier, infirmière, infirmiers, soins
        infirmiers, pansement, ordonnance, cabinet infirmier, ide, pharmacy, chemist, medicine, medicines,
        nurse, prescription, صيدلية, دواء, أدوية, ممرض, ممرضة, eczane, ilaç, hemşire, farmacie, medicamente,
        asistentă medicală, farmácia, remédio, enfermeiro, enfermeira, farmacia, medicamentos, enfermera,
        enfermero, аптека, лекарство, медсестра, 药店, 药, apteka""",
    Theme.EMERGENCY: """
        urgence, urgences, sans rendez-vous, soins non programmés, samu, sos médecins, médecin de garde, maison
        médicale de garde, pass, permanence d'accès aux soins, permanence d'accès aux soins de santé, emergency,
        urgent, urgent care, walk-in, طوارئ, إسعاف, مستعجل, acil, acil servis, urgență, urgențe, urgência,
        emergência, urgencia, urgencias, emergencia, скорая, неотложная, 急诊""",
    Theme.COVERAGE: """
        couverture santé, droits santé, sécurité sociale, sécu, assurance maladie, cpam, ameli, carte vitale,
        mutuelle, complémentaire santé, complémentaire santé solidaire, c2s, css, cmu, puma, ame, aide médicale,
        affiliation, remboursement, accès aux droits santé, health insurance, health cover, health coverage,
        medical card, تأمين صحي, تغطية صحية, ضمان اجتماعي, بطاقة صحية, sağlık sigortası, sigorta, asigurare de
        sănătate, asigurare medicală, card de sănătate, seguro de saúde, segurança social, cartão de saúde,
        seguro médico, seguridad social, tarjeta sanitaria, страховка, медицинская страховка, 医疗保险""",
    Theme.SOCIAL: """
        assistante sociale, assistant social, assistance sociale, action sociale, service social, aide sociale,
        droits sociaux, rsa, caf, allocation, allocations, ccas, centre communal d'action sociale, mdph,
        handicap, domiciliation, accès aux droits, démarches administratives, maison des solidarités, france
        services, retraite, point d'accès aux droits, utpas, maison nord solidarités, social worker, social
        services, benefits, welfare, disability, مساعدة اجتماعية, عاملة اجتماعية, خدمات اجتماعية, إعانة, sosyal
        hizmetler, sosyal yardım, sosyal hizmet uzmanı, asistent social, asistență socială, ajutor social,
        assistente social, apoio social, serviços sociais, trabajador social, trabajadora social, ayuda social,
        servicios sociales, социальная помощь, социальный работник, 社工""",
    Theme.HOUSING: """
        logement, hébergement, loger, foyer, hlm, appartement, sans abri, sdf, 115, siao, expulsion, loyer,
        hôtel social, chrs, résidence sociale, accueil de nuit, centre d'hébergement, mal logement, housing,
        shelter, homeless, accommodation, rent, home, سكن, مأوى, إيواء, إيجار, barınma, konut, ev, barınak,
        kira, locuință, adăpost, cazare, chirie, habitação, alojamento, abrigo, casa, vivienda, alojamiento,
        albergue, alquiler, жилье, ночлег, приют, 住房, 住所, strehim""",
    Theme.FOOD: """
        repas, colis, colis alimentaire, aide alimentaire, épicerie sociale, épicerie solidaire, manger, faim,
        nourriture, restos du coeur, restaurants du coeur, banque alimentaire, distribution alimentaire,
        maraude, petit déjeuner, alimentation, food, food bank, meal, meals, hungry, طعام, غذاء, وجبة, وجبات,
        مساعدة غذائية, أكل, yemek, gıda, gıda yardımı, mâncare, alimente, masă, ajutor alimentar, comida,
        refeição, refeições, alimentos, ayuda alimentaria, comedor social, еда, питание, 食物, ushqim, jedzenie""",
    Theme.HYGIENE: """
        hygiène, douche, douches, bains douches, laverie, laver, lessive, vêtements, vêtement, vestiaire,
        vestiaire social, habits, friperie, coiffeur, toilettes, accueil de jour, bagagerie, shower, showers,
        laundry, clothes, clothing, hygiene, دش, استحمام, حمام, ملابس, غسيل, duş, çamaşır, giysi, kıyafet,
        dușuri, duș, haine, spălătorie, duche, roupa, lavandaria, ducha, duchas, ropa, lavandería, душ, одежда,
        прачечная, 淋浴, 衣服""",
    Theme.MONEY: """
        budget, dette, dettes, surendettement, argent, banque, point conseil budget, pcb, énergie, facture,
        factures, impayés, fsl, microcrédit, chèque énergie, électricité, aide financière, money, debt, debts,
        bills, bank, مال, ديون, دين, فواتير, para, borç, fatura, banka, bani, datorii, facturi, dinheiro,
        dívidas, contas, dinero, deudas, facturas, деньги, долги, 债务""",
    Theme.WORK: """
        emploi, travail, formation, travailler, chômage, pôle emploi, france travail, mission locale, insertion,
        insertion professionnelle, plie, cv, recrutement, intérim, cap emploi, métier, job, work, training,
        employment, jobs, عمل, شغل, وظيفة, تدريب, iş, çalışma, meslek, iş bulma, loc de muncă, muncă, angajare,
        trabalho, emprego, formação, trabajo, empleo, работа, 工作, punë""",
    Theme.FRENCH: """
        cours de français, apprendre le français, français langue étrangère, fle, alphabétisation, linguistique,
        atelier sociolinguistique, illettrisme, learn french, french class, french classes, french lessons,
        french course, تعلم الفرنسية, دروس فرنسية, لغة فرنسية, fransızca kursu, fransızca, curs de franceză,
        limba franceză, franceză, curso de francês, aulas de francês, curso de francés, clases de francés,
        французский, курсы французского, 法语""",
    Theme.DIGITAL: """
        numérique, informatique, internet, ordinateur, en ligne, démarches en ligne, cyberbase, espace
        numérique, conseiller numérique, point numérique, cybercafé, smartphone, computer, online, digital,
        حاسوب, إنترنت, bilgisayar, calculator, informatică, computador, informática, ordenador, компьютер,
        интернет, 电脑""",
    Theme.LEGAL: """
        avocat, avocate, juridique, justice, aide juridique, aide juridictionnelle, point justice, point d'accès
        au droit, maison de justice, conseil juridique, droit des étrangers, permanence juridique, défenseur des
        droits, cimade, notaire, lawyer, legal, legal aid, legal advice, محامي, محام, قانون, مساعدة قانونية,
        avukat, hukuk, hukuki yardım, avocat, juridic, ajutor juridic, advogado, advogada, apoio jurídico,
        abogado, abogada, ayuda legal, адвокат, юрист, 律师""",
    Theme.VIOLENCE: """
        violence, violences, violences conjugales, femme battue, femmes victimes, victime, victimes, 3919, viol,
        agression, mariage forcé, excision, harcèlement, aide aux victimes, maison des femmes, abuse, domestic
        violence, rape, victim, عنف, عنف منزلي, اغتصاب, ضحية, şiddet, aile içi şiddet, tecavüz, violență,
        violență domestică, viol, victimă, violência, violência doméstica, violación, violencia, violencia de
        género, насилие, 暴力, dhunë, przemoc""",
    Theme.TRANSPORT: """
        transport, transports, mobilité, se déplacer, bus, métro, taxi, vsl, ambulance, permis de conduire,
        vélo, voiture, garage solidaire, carte de transport, navette, travel, bike, driving licence, نقل,
        مواصلات, سيارة إسعاف, حافلة, ulaşım, otobüs, ehliyet, autobuz, permis auto, transporte, autocarro,
        bicicleta, autobús, транспорт, 交通""",
    Theme.INTERPRETING: """
        interprète, interprètes, interprétariat, traduction, traducteur, traductrice, médiation linguistique,
        interpreter, interpreting, translation, translator, مترجم, ترجمة, مترجمة, tercüman, çevirmen, çeviri,
        interpret, traducător, traducere, intérprete, tradutor, tradução, traductor, traducción, переводчик,
        перевод, 翻译""",
    Theme.LEISURE: """
        sport, sports, activité physique, sport santé, maison sport santé, gymnastique, gym, marche, natation,
        piscine, loisirs, culture, centre social, lien social, jardin partagé, jardinage, convivialité, atelier
        cuisine, isolement, seniors, club, leisure, swimming, walking, رياضة, أنشطة, ترفيه, spor, yüzme,
        etkinlik, activitate fizică, înot, desporto, lazer, natação, deporte, ocio, natación, спорт, 运动""",
    Theme.OTHER: "",
}

# Written one way or another, the same house: each form leads to the words of the others.
SAME_THING: list[tuple[str, ...]] = [
    ("ccas", "centre communal d'action sociale"),
    ("pmi", "protection maternelle et infantile"),
    ("cpam", "caisse primaire d'assurance maladie"),
    ("caf", "caisse d'allocations familiales"),
    ("cmp", "centre médico-psychologique"),
    ("chu", "centre hospitalier universitaire"),
    ("ch", "centre hospitalier"),
    ("csapa", "centre de soins d'accompagnement et de prévention en addictologie"),
    ("cegidd", "centre gratuit d'information de dépistage et de diagnostic"),
    ("mdph", "maison départementale des personnes handicapées"),
    ("msp", "maison de santé pluriprofessionnelle"),
    ("france travail", "pôle emploi"),
    ("fle", "français langue étrangère"),
    ("hopital", "centre hospitalier", "hospital", "مستشفى", "hastane", "spital", "больница", "医院"),
]

_STOP_WORDS = """
    le la les un une des du de d l au aux a à en et ou où pour par sur sous dans avec chez sans ce cet cette ces mon ma mes son
    sa ses notre nos votre vos leur leurs qui que quoi dont est sont se ne pas plus je tu il elle on nous vous ils elles y
    the of for to in on at and or an my your is are with near
    el los las del y con para por
    o os as do da dos das em um uma
    in si cu la de un pe
    في من على الى عن مع و
    ve ile için bir
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
