"""The names that are met most often, as Azerbaijani, Russian and English write them; also Cyrillic of before 1991."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.spelling import readings, sound, sounds

NAMES = """
Əliyeva: Алиева Aliyeva Alieva Әлијева
Həsənova: Гасанова Hasanova Gasanova Һәсәнова
İbrahimov: Ибрагимов Ибрахимов Ibrahimov Ibragimov Ибраһимов
Məmmədov: Мамедов Маммадов Mammadov Mamedov Мәммәдов
Quliyev: Кулиев Гулиев Guliyev Kuliev Гулијев
Hüseynov: Гусейнов Huseynov Guseinov Husseinov Һүсејнов
Ağayev: Агаев Aghayev Agayev Агајев
Cəfərov: Джафаров Jafarov Dzhafarov Djafarov Ҹәфәров
Əhmədov: Ахмедов Ahmadov Akhmedov Әһмәдов
Rzayev: Рзаев Rzayev Rzaev Рзајев
Orucov: Оруджев Оруджов Orujov Orudzhev Оруҹов
Qasımov: Гасымов Касимов Касумов Gasimov Kasumov
Vəliyev: Велиев Валиев Valiyev Veliyev
Xəlilov: Халилов Khalilov Хәлилов
Əsgərov: Аскеров Аскяров Asgarov Askerov Әсҝәров
Süleymanov: Сулейманов Suleymanov Suleimanov Сүлејманов
İsmayılov: Исмайлов Исмаилов Ismayilov Ismailov Исмајылов
Bağırov: Багиров Baghirov Bagirov Бағыров
Hacıyev: Гаджиев Hajiyev Gadzhiev Haciyev Һаҹыјев
Nəcəfov: Наджафов Najafov Нәҹәфов
Rəhimov: Рагимов Рахимов Rahimov Ragimov
Rüstəmov: Рустамов Рустемов Rustamov
Şükürov: Шукюров Шукуров Shukurov Sukurov
Qədirov: Гадиров Кадыров Gadirov Kadyrov
Tağıyev: Тагиев Taghiyev Tagiyev
Əfəndiyev: Эфендиев Efendiyev Afandiyev
Mirzəyev: Мирзаев Мирзоев Mirzayev
Ələkbərov: Алекперов Алекберов Alakbarov
Mehdiyev: Мехтиев Мехдиев Mehdiyev
Məhəmmədov: Магомедов Мухаммедов Mahammadov Muhammedov
Hacıbəyov: Гаджибеков Hajibeyov
Tağızadə: Таги-заде Тагизаде Taghizade Taghi-zade
Əliyeva-Həsənova: Алиева-Гасанова Алиева Гасанова
Şıxəliyev: Шихалиев Shikhaliyev
Gözəlov: Гёзалов Гезалов Gozalov
Seyidov: Сеидов Seyidov Seidov
Yusifov: Юсифов Юсуфов Yusifov Yusufov
Novruzov: Новрузов Novruzov
Aytən: Айтен Айтян Ayten Aytan
Günay: Гюнай Гунай Gunay
Gülnarə: Гюльнара Гульнара Gulnara Ҝүлнарә
Sevinc: Севиндж Sevinj
Elçin: Эльчин Elchin
Rəşad: Рашад Rashad
Orxan: Орхан Orkhan
Vüqar: Вугар Vugar
Ülviyyə: Ульвия Ulviyya Ulvia
Çingiz: Чингиз Chingiz
Cavid: Джавид Javid Ҹавид
Ceyhun: Джейхун Jeyhun
Tofiq: Тофик Тофиг Tofig Tofik
Xanım: Ханум Khanim
Rövşən: Ровшан Rovshan
Nigar: Нигяр Нигар
Məryəm: Марьям Марям Maryam
İshaq: Исхак Ishaq Is'haq
Bəxtiyar: Бахтияр Bakhtiyar
Yaqub: Ягуб Якуб Yagub
Zülfüqar: Зульфугар Зульфикар Zulfugar
İsgəndər: Искендер Искандер Isgandar Iskander
Heydər: Гейдар Хейдар Heydar Haydar Һејдәр
Ömər: Омар Умар Omar
Tahir: Таир Тахир Tahir Tair
Tahirə: Таира Тахира Tahira
Tahirov: Таиров Тахиров Tahirov Tairov
Novruz: Навруз Новруз Novruz Navruz
Teymur: Теймур Тимур Teymur Timur
Teymurov: Теймуров Тимуров Teymurov
Allahverdiyev: Аллахвердиев Аллавердиев Allahverdiyev
Abdulla: Абдулла Abdulla Abdullah
Əli: Али Ali
Fatimə: Фатима Fatima
İlham: Ильхам Ilham
Rafiq: Рафик Рафиг Rafig Rafik
Sadiq: Садыг Садык Sadig Sadik
Natiq: Натик Натиг Natig
Bəhruz: Бехруз Бахруз Bahruz
Zöhrab: Зохраб Зограб Zohrab
Kamran: Камран Кямран Kamran
Kənan: Кенан Кянан Kanan
Könül: Кёнюль Кенуль Konul
Lalə: Лала Ляля Lala
Ayşə: Айша Айше Aisha
Xədicə: Хадиджа Khadija
Pərviz: Парвиз Первиз Parviz
Tələt: Талят Талат Talat
Şövkət: Шовкет Шевкет Шавкат Shovkat
Gövhər: Гевхар Говхар Govhar
Dövlət: Довлат Девлет Давлат Dovlat
Mövlud: Мовлуд Мевлуд Movlud
Əkbər: Акбер Акпер Akbar
Oqtay: Октай Огтай Ogtay Oktay
Qəhrəman: Гахраман Кахраман Gahraman
Həmid: Гамид Хамид Hamid
Lətif: Латиф Лятиф Latif
Rəhilə: Рахиля Рагиля Rahila
Cəbrayıl: Джабраил Jabrayil Jabrail
Cavanşir: Джаваншир Javanshir
Sənubər: Санубар Сенубер Sanubar
Zeynəb: Зейнаб Зейнеб Zeynab Zainab
oğlu: оглы оглу oglu oghlu
qızı: кызы гызы gizi kizi
"""
PAIRS = [
    (kept, other)
    for kept, others in (line.split(": ") for line in NAMES.strip().splitlines())
    for other in others.split()
]


@pytest.mark.parametrize(("kept", "other"), PAIRS)
def test_name_is_found_by_its_other_spellings(kept, other):
    assert f" {sound(other)}" in sounds([kept], 1000)


@pytest.mark.parametrize("other", ["АЛИЕВА", "алиева", "Алиев", "Али", "Ал", "ALİYEVA", "aliy"])
def test_name_is_found_by_its_beginning_in_any_case(other):
    assert f" {sound(other)}" in sounds(["Əliyeva"], 1000)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Həsənov", "Hüseynov"), ("Əliyev", "Vəliyev"), ("Quliyev", "Xəlilov"), ("Kərimov", "Kazımov"),
     ("Aytən", "Aysel"), ("Orxan", "Elxan"), ("Таир", "Mahir"), ("Тимур", "Dəmir"), ("Навруз", "Nəriman")],
)  # fmt: skip
def test_names_that_sound_unlike_stay_apart(one, other):
    assert f" {sound(one)}" not in sounds([other], 1000)


def test_first_key_is_that_of_the_first_word_and_none_comes_twice():
    assert sounds(["Əliyeva", "Aytən", "Kamran qızı", "Aliyeva"], 1000) == " aliva alava adan kamran kizi"


def test_keys_are_cut_between_two():
    assert [sounds(["Əliyeva", "Aytən"], longest) for longest in (17, 16, 12, 6, 5)] == [
        " aliva alava adan", " aliva alava", " aliva alava", " aliva", "",
    ]  # fmt: skip


@given(st.text(alphabet="abcçdeəfgğhxıijkqlmnoöprsştuüvyzABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ'-", min_size=1))
def test_every_name_is_found_by_itself(name):
    keys = list(readings(name))
    assert sound(name) in keys or not sound(name)
    assert all(key.isascii() and " " not in key for key in keys)


@given(st.text())
def test_nothing_that_is_typed_breaks_the_key(text):
    kept = sounds([text], 50)
    assert len(kept) <= 50 and "  " not in kept and not sound(text)[:1].isspace()
