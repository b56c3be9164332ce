"""Names of invented people, by the language they speak best: (language, share, first names of women, of men, last names)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Speakers:
    language: str
    share: int  # of a hundred people received
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


def _speakers(language: str, share: int, women: str, men: str, last: str) -> Speakers:
    return Speakers(language, share, tuple(women.split()), tuple(men.split()), tuple(last.split()))


SPEAKERS = (
    _speakers("fr", 38, "Martine Sylvie Christelle Nadège Océane Lucie Josiane Monique Aurélie Émilie Brigitte Chantal",
               "Didier Jérôme Thierry Kévin Bruno Gérard Patrick Yannick Loïc Dominique Fabrice Régis",
               "Delattre Vasseur Lefebvre Caron Duhamel Dubois Carlier Wattel Lemaire Hennion Bacquet Thellier"),
    _speakers("ar", 14, "Samira Leïla Naïma Hanane Salma Amel Nour Yasmine Rachida Soumaya",
               "Karim Youssef Rachid Mourad Hicham Sofiane Nabil Tarek Walid Jamal",
               "Haddad Mansouri Khalil Najjar Saïdi Rahmani Bouzid Cherif Tahiri Belkacem"),
    _speakers("kab", 5, "Fatiha Djamila Ouiza Zahra Taos", "Arezki Mokrane Idir Hocine Lounès", "Aït-Ali Hamidi Ouali Slimani Meziane"),
    _speakers("bm", 4, "Awa Mariam Oumou Fanta Djénéba", "Moussa Seydou Bakary Amadou Modibo", "Diarra Coulibaly Keïta Traoré Konaté"),
    _speakers("snk", 4, "Hawa Coumba Diaba Niamé Maïmouna", "Demba Samba Boubou Mamadou Ousmane", "Sakho Camara Tandia Soumaré Gassama"),
    _speakers("wo", 3, "Astou Ndeye Khady Rokhaya Sokhna", "Cheikh Pape Modou Ibrahima Alioune", "Ndiaye Diop Fall Mbaye Sarr"),
    _speakers("ff", 3, "Aïssatou Kadiatou Binta Mariama Ramata", "Abdoulaye Alpha Mamoudou Thierno Saïdou", "Bah Barry Sow Diallo Baldé"),
    _speakers("ro", 5, "Elena Ioana Maria Florica Daniela", "Ion Vasile Marian Costel Gheorghe", "Popescu Stan Dumitru Radu Marin"),
    _speakers("rom", 3, "Mirela Luminița Violeta Rodica Sabina", "Florin Nicolae Viorel Dănuț Cristi", "Ciurar Lăcătuș Moldovan Rostaș Căldărar"),
    _speakers("tr", 4, "Ayşe Fatma Elif Zeynep Hatice", "Mehmet Mustafa Emre Hasan Murat", "Yılmaz Kaya Demir Çelik Aydın"),
    _speakers("pt", 3, "Fernanda Lurdes Graça Teresa Rosa", "João Manuel Carlos Rui Américo", "Ferreira Pereira Almeida Gomes Sousa"),
    _speakers("prs", 3, "Zarghona Parwin Shabnam Fereshta Laila", "Ahmad Farid Najib Zalmaï Hamid", "Ahmadi Rahimi Karimi Noori Sultani"),
    _speakers("ps", 2, "Spogmaï Palwasha Gulalaï Zarmina Breshna", "Gul Zahir Asad Khan Sher", "Stanekzai Wardak Zadran Momand Safi"),
    _speakers("ti", 2, "Selam Letay Abeba Rahwa Tsige", "Tesfay Yonas Kidane Filmon Berhane", "Haile Gebre Tekle Woldu Mehari"),
    _speakers("sq", 2, "Mimoza Vjollca Arta Drita Besa", "Agim Ilir Besnik Luan Artan", "Hoxha Shehu Gashi Krasniqi Berisha"),
    _speakers("ta", 2, "Priya Kavitha Selvi Anjali Malar", "Kumar Rajan Selvan Siva Mani", "Arumugam Rajendran Nadarajah Kandasamy Sivakumar"),
    _speakers("ln", 2, "Mado Béa Charlène Nene Godelieve", "Trésor Junior Papy Dieudonné Fiston", "Mukendi Ilunga Kabongo Mbuyi Lokwa"),
    _speakers("zh", 1, "Mei Lan Hua Xiu Ying", "Wei Jun Ming Tao Bo", "Chen Lin Zhou Huang Wu"),
)  # fmt: skip

STAFF_FIRST = (
    "Inès",
    "Clémence",
    "Hélène",
    "Maud",
    "Nawel",
    "Sophie",
    "Fatou",
    "Agathe",
    "Lise",
    "Rim",
    "Judith",
    "Élodie",
)
STAFF_LAST = (
    "Dumont",
    "Rousseau",
    "Benali",
    "Picard",
    "Leroux",
    "Ngom",
    "Carpentier",
    "Mercier",
    "Olivier",
    "Sabri",
    "Faure",
    "Petit",
)
