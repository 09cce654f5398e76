"""The fictional cast. Every name is invented; service numbers and addresses exist nowhere."""

from dataclasses import dataclass

LABOUR, POLICE, MIGRATION = "labour-inspection", "territorial-police", "migration-service"
SHELTER = "state-shelter"


@dataclass(frozen=True, kw_only=True)
class CastMember:
    """One of the cast. `key` is the name in demo.json; None for colleagues who do not sign in."""

    key: str | None
    family: str
    given: str
    father: str
    cyrillic: tuple[str, str, str]
    sex: str
    agency: str
    role: str
    number: str
    position: str | None = None
    everywhere: bool = False
    language: str = "az"


CAST = [
    CastMember(key="officer", family="Əliyeva", given="Nərmin", father="Kamil qızı",
           cyrillic=("Алиева", "Нармин", "Камиль кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1042"),
    CastMember(key="officer2", family="Hüseynov", given="Tural", father="Rafiq oğlu",
           cyrillic=("Гусейнов", "Турал", "Рафик оглы"), sex="m", agency=LABOUR, role="LAB", number="DƏMX-1077"),
    CastMember(key="officer3", family="Məlikova", given="Ülkər", father="Natiq qızı",
           cyrillic=("Меликова", "Улькяр", "Натиг кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1048"),
    CastMember(key="officer4", family="Salahov", given="Rüfət", father="Azər oğlu",
           cyrillic=("Салахов", "Руфат", "Азер оглы"), sex="m", agency=LABOUR, role="LAB", number="DƏMX-1051"),
    CastMember(key="trainer", family="Quliyeva", given="Sevinc", father="Əhməd qızı",
           cyrillic=("Гулиева", "Севиндж", "Ахмед кызы"), sex="f", agency=LABOUR, role="TRA", number="DƏMX-0311",
           position="trainer", everywhere=True),
    CastMember(key="reviewer", family="İsmayılov", given="Orxan", father="Vaqif oğlu",
           cyrillic=("Исмайылов", "Орхан", "Вагиф оглы"), sex="m", agency=LABOUR, role="ADM", number="DƏMX-0327",
           position="reviewer", everywhere=True),
    CastMember(key="assessor", family="Rəhimova", given="Günel", father="Tofiq qızı",
           cyrillic=("Рагимова", "Гюнель", "Тофик кызы"), sex="f", agency=LABOUR, role="TRA", number="DƏMX-0340",
           position="assessor", everywhere=True),
    CastMember(key="assessor2", family="Hacızadə", given="Tofiq", father="Ədalət oğlu",
           cyrillic=("Гаджизаде", "Тофик", "Адалят оглы"), sex="m", agency=MIGRATION, role="TRA", number="DMX-2231",
           position="assessor", everywhere=True),
    CastMember(key="coordinator", family="Məmmədli", given="Elçin", father="Sabir oğlu",
           cyrillic=("Мамедли", "Эльчин", "Сабир оглы"), sex="m", agency=LABOUR, role="ADM", number="DƏMX-0205",
           position="coordinator"),
    CastMember(key="coordinator_other", family="Babayeva", given="Aytən", father="Nazim qızı",
           cyrillic=("Бабаева", "Айтен", "Назим кызы"), sex="f", agency=MIGRATION, role="ADM", number="DMX-2210",
           position="coordinator"),
    CastMember(key="duty_officer", family="Kərimov", given="Fuad", father="İlham oğlu",
           cyrillic=("Керимов", "Фуад", "Ильхам оглы"), sex="m", agency=LABOUR, role="ADM", number="DƏMX-0512",
           position="duty-officer"),
    CastMember(key="shift_leader", family="Qasımov", given="Elnur", father="Fərhad oğlu",
           cyrillic=("Гасымов", "Эльнур", "Фархад оглы"), sex="m", agency=LABOUR, role="ADM", number="DƏMX-0520",
           position="shift-leader"),
    CastMember(key="registrar", family="Nəsirova", given="Ləman", father="Akif qızı",
           cyrillic=("Насирова", "Ляман", "Акиф кызы"), sex="f", agency=LABOUR, role="ADM", number="DƏMX-0118",
           position="registrar", everywhere=True),
    CastMember(key="registrar2", family="Sadıqov", given="Rəşad", father="Arif oğlu",
           cyrillic=("Садыгов", "Рашад", "Ариф оглы"), sex="m", agency=LABOUR, role="ADM", number="DƏMX-0121",
           position="registrar", everywhere=True),
    CastMember(key="registrar3", family="Ələkbərova", given="Tamilla", father="Ramiz qızı",
           cyrillic=("Алекперова", "Тамилла", "Рамиз кызы"), sex="f", agency=MIGRATION, role="ADM", number="DMX-2218",
           position="registrar", everywhere=True),
    CastMember(key="auditor", family="Vəliyeva", given="Könül", father="Rauf qızı",
           cyrillic=("Велиева", "Кёнюль", "Рауф кызы"), sex="f", agency=POLICE, role="ADM", number="ƏPO-7001",
           position="auditor", everywhere=True),
    CastMember(key="admin", family="Cəfərov", given="Murad", father="Eldar oğlu",
           cyrillic=("Джафаров", "Мурад", "Эльдар оглы"), sex="m", agency=POLICE, role="ADM", number="ƏPO-7002",
           position="administrator", everywhere=True),
    CastMember(key="rule_owner", family="Mustafayeva", given="Zəhra", father="Yusif qızı",
           cyrillic=("Мустафаева", "Захра", "Юсиф кызы"), sex="f", agency=POLICE, role="ADM", number="ƏPO-7003",
           position="rule-owner", everywhere=True),
    CastMember(key="rule_owner2", family="Əsgərov", given="Nicat", father="Hikmət oğlu",
           cyrillic=("Аскеров", "Ниджат", "Хикмет оглы"), sex="m", agency=MIGRATION, role="ADM", number="DMX-2215",
           position="rule-owner", everywhere=True),
    CastMember(key="national", family="Rzayeva", given="Aygün", father="Namiq qızı",
           cyrillic=("Рзаева", "Айгюн", "Намик кызы"), sex="f", agency=POLICE, role="ADM", number="ƏPO-7004",
           position="national-coordinator", everywhere=True),
    CastMember(key=None, family="Abbasova", given="Xədicə", father="Mübariz qızı",
           cyrillic=("Аббасова", "Хадиджа", "Мубариз кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1090"),
    CastMember(key=None, family="Şirinov", given="Cavid", father="Oqtay oğlu",
           cyrillic=("Ширинов", "Джавид", "Октай оглы"), sex="m", agency=LABOUR, role="LAB", number="DƏMX-1093"),
    CastMember(key=None, family="Nəbiyeva", given="Samirə", father="Rövşən qızı",
           cyrillic=("Набиева", "Самира", "Ровшан кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1096"),
    CastMember(key=None, family="Zeynalov", given="Ramin", father="Adil oğlu",
           cyrillic=("Зейналов", "Рамин", "Адиль оглы"), sex="m", agency=LABOUR, role="LAB", number="DƏMX-1099"),
    CastMember(key=None, family="Novruzova", given="Lalə", father="Zaur qızı",
           cyrillic=("Новрузова", "Лала", "Заур кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1095"),
    CastMember(key=None, family="Qasımova", given="Leyla", father="Rövşən qızı",
           cyrillic=("Гасымова", "Лейла", "Ровшан кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1102"),
    CastMember(key=None, family="Vəlizadə", given="Emil", father="Natiq oğlu",
           cyrillic=("Велизаде", "Эмиль", "Натиг оглы"), sex="m", agency=LABOUR, role="LAB", number="DƏMX-1108"),
    CastMember(key=None, family="Rüstəmova", given="Nigar", father="Elxan qızı",
           cyrillic=("Рустамова", "Нигяр", "Эльхан кызы"), sex="f", agency=LABOUR, role="LAB", number="DƏMX-1105"),
    CastMember(key="officer_police", family="Tağıyev", given="Kənan", father="Sahib oğlu",
           cyrillic=("Тагиев", "Кянан", "Сахиб оглы"), sex="m", agency=POLICE, role="POL", number="ƏPO-7110"),
    CastMember(key="officer_migration", family="Səmədova", given="Aynur", father="Valeh qızı",
           cyrillic=("Самедова", "Айнур", "Валех кызы"), sex="f", agency=MIGRATION, role="MIG", number="DMX-2310"),
    CastMember(key="officer_shelter", family="Kazımova", given="Mehriban", father="Əlövsət qızı",
           cyrillic=("Кязимова", "Мехрибан", "Аловсат кызы"), sex="f", agency=SHELTER, role="SHE", number="SIG-4010"),
    CastMember(key="duty_officer_police", family="Orucov", given="Seymur", father="Məhərrəm oğlu",
           cyrillic=("Оруджев", "Сеймур", "Магеррам оглы"), sex="m", agency=POLICE, role="ADM", number="ƏPO-7101",
           position="duty-officer"),
    CastMember(key="duty_officer_migration", family="Mirzəyeva", given="Sona", father="Kərim qızı",
           cyrillic=("Мирзоева", "Сона", "Керим кызы"), sex="f", agency=MIGRATION, role="ADM", number="DMX-2301",
           position="duty-officer"),
    CastMember(key="duty_officer_shelter", family="Paşayev", given="Rasim", father="Tahir oğlu",
           cyrillic=("Пашаев", "Расим", "Тахир оглы"), sex="m", agency=SHELTER, role="ADM", number="SIG-4001",
           position="duty-officer"),
    CastMember(key=None, family="Ağayeva", given="Ruhiyyə", father="Məmməd qızı",
           cyrillic=("Агаева", "Рухия", "Мамед кызы"), sex="f", agency=POLICE, role="POL", number="ƏPO-7113"),
    CastMember(key=None, family="Məlikov", given="Tərlan", father="Heydər oğlu",
           cyrillic=("Меликов", "Тарлан", "Гейдар оглы"), sex="m", agency=MIGRATION, role="MIG", number="DMX-2313"),
    CastMember(key=None, family="Bayramova", given="Solmaz", father="İsmayıl qızı",
           cyrillic=("Байрамова", "Солмаз", "Исмаил кызы"), sex="f", agency=SHELTER, role="SHE", number="SIG-4013"),
]  # fmt: skip
# Why somebody holds a position, as an administrator in Azerbaijan would write it: read by the person and by auditors.
REASONS = {
    "trainer": "Kursları hazırlayır və yeniləyir, 12-K nömrəli əmr",
    "reviewer": "Dərsləri nəşrdən əvvəl yoxlayır, 12-K nömrəli əmr",
    "assessor": "İmtahanların yenidən açılmasına qərar verir, 12-K nömrəli əmr",
    "coordinator": "Qurumun işçilərinin siyahısına cavabdehdir, 15-K nömrəli əmr",
    "duty-officer": "Növbətçi təyin edilib, 15-K nömrəli əmr",
    "shift-leader": "Növbə rəisi təyin edilib, 15-K nömrəli əmr",
    "registrar": "Sertifikatların reyestrini aparır, 9-K nömrəli əmr",
    "auditor": "Audit jurnalına nəzarət edir, 9-K nömrəli əmr",
    "administrator": "Platformanın inzibatçısı təyin edilib, 7-K nömrəli əmr",
    "rule-owner": "Vəzifələr üzrə tələblərə cavabdehdir, 9-K nömrəli əmr",
    "national-coordinator": "Ölkə üzrə göstəriciləri izləyir, 9-K nömrəli əmr",
}
CERTIFIED, LAPSED, REVOKED, SUSPENDED = "DƏMX-1077", "DƏMX-1090", "DƏMX-1093", "DƏMX-1095"
RENEWED, ENDED, SUPERSEDED = "DƏMX-1102", "DƏMX-1108", "DƏMX-1105"
NEW_NAME = {
    "family_name": "Süleymanova",
    "family_name_cyrillic": "Сулейманова",
}  # of the latter, since she married
UNCERTIFIED = "DƏMX-1042"
IN_GRACE, OVERRIDDEN = (
    "DƏMX-1096",
    "DƏMX-1099",
)  # cleared on a condition; not cleared and let through all the same
FUNCTION, NOT_GATED = "F8", "F1"


@dataclass(frozen=True)
class OtherRole:
    """A role besides that of inspectors, and its duty. `courses`: those whose exams the `function` requires."""

    key: str
    courses: tuple[str, ...]
    function: str
    certified: str
    uncertified: str


OTHER_ROLES = (
    OtherRole("police", ("C0", "C1-POL"), "F2", "ƏPO-7113", "ƏPO-7110"),
    OtherRole("migration", ("C1-MIG",), "F10", "DMX-2313", "DMX-2310"),
    OtherRole("shelter", ("C1-SHE",), "F12", "SIG-4013", "SIG-4010"),
)

UNITS = {
    LABOUR: ("baku", {"az": "Bakı şəhər şöbəsi", "en": "Baku city office", "ru": "Бакинское городское отделение"}),
    MIGRATION: ("baku", {"az": "Bakı regional idarəsi", "en": "Baku regional office",
                         "ru": "Бакинское региональное управление"}),
    POLICE: ("east", {"az": "Şərq regional idarəsi", "en": "Eastern regional office",
                      "ru": "Восточное региональное управление"}),
    SHELTER: ("baku", {"az": "Bakı sığınacağı", "en": "Baku shelter", "ru": "Бакинский приют"}),
}  # fmt: skip
# Nobody's numbers.
TELEPHONES = {
    LABOUR: "012 000 04 12",
    MIGRATION: "012 000 07 00",
    POLICE: "012 000 09 30",
    SHELTER: "012 000 05 20",
}
