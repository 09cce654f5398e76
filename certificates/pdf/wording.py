"""The fixed words of a certificate, in the three languages. They are part of the signed document.

Capitals are written out: made by a program, Azerbaijani i would become I. Nothing here calls the document
more than it is: what others can check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from locales.languages import RULES


@dataclass(frozen=True, kw_only=True)
class Wording:
    title: str  # as a heading, in capitals
    title_plain: str
    lead: str
    agency_note: str
    valid: str
    both_days: str
    law: str
    edition: str
    confirmed: str  # with {day}
    not_confirmed: str
    issuer: str
    number: str
    code: str
    sealed: str
    evidence: str
    check: str  # with {address}
    changes: str
    qr_label: str
    signature_label: str
    attachment: str


WORDINGS: Final[Mapping[str, Wording]] = {
    "az": Wording(
        title="SERTİFİKAT",
        title_plain="Sertifikat",
        lead="Bu sertifikat təsdiq edir ki,",
        agency_note="verildiyi vaxtdakı iş yeri",
        valid="Etibarlıdır",
        both_days="hər iki gün daxil olmaqla, Bakı vaxtı ilə",
        law="Mənbələr bu tarixə olan vəziyyətə görə:",
        edition="Kursun nəşri",
        confirmed="Kursu Azərbaycan hüquqşünası təsdiqləyib: {day}",
        not_confirmed="Kursu Azərbaycan hüquqşünası hələ təsdiqləməyib",
        issuer="Verən qurum",
        number="Sertifikatın nömrəsi",
        code="İxtisaslaşmanın kodu və versiyası",
        sealed="Sənəd elektron imza ilə təsdiqlənib",
        evidence="Bu sənədin həqiqiliyini hər kəs yoxlaya bilər.",
        check="QR kodu skan edin və ya nömrəni {address} səhifəsinə yazın.",
        changes="Sertifikatın qüvvəsi dəyişə bilər: ona əsaslanmazdan əvvəl yoxlayın.",
        qr_label="Sertifikatı yoxlamaq üçün QR kod",
        signature_label="Verən qurumun elektron imzası",
        attachment="Bu sertifikatın maşınla oxunan nüsxəsi (Open Badges 3.0)",
    ),
    "en": Wording(
        title="CERTIFICATE",
        title_plain="Certificate",
        lead="This certifies that",
        agency_note="place of work when issued",
        valid="Valid",
        both_days="both days included, Baku time",
        law="Sources read until",
        edition="Course edition",
        confirmed="Course confirmed by a national lawyer on {day}",
        not_confirmed="Course not yet confirmed by a national lawyer",
        issuer="Issuer",
        number="Certificate number",
        code="Qualification code and version",
        sealed="The file is sealed with an electronic signature",
        evidence="Anyone can check that this document is genuine.",
        check="Scan the QR code or enter the number at {address}.",
        changes="Its state may change: check before you rely on it.",
        qr_label="QR code to check this certificate",
        signature_label="Electronic signature of the issuer",
        attachment="Machine-readable form of this certificate (Open Badges 3.0)",
    ),
    "ru": Wording(
        title="СЕРТИФИКАТ",
        title_plain="Сертификат",
        lead="Настоящий сертификат выдан на имя:",
        agency_note="место работы на день выдачи",
        valid="Действителен",
        both_days="включая оба дня, по бакинскому времени",
        law="Источники по состоянию на",
        edition="Редакция курса",
        confirmed="Курс подтверждён юристом Азербайджана: {day}",
        not_confirmed="Курс ещё не подтверждён юристом Азербайджана",
        issuer="Кем выдан",
        number="Номер сертификата",
        code="Код и версия квалификации",
        sealed="Файл скреплён электронной подписью",
        evidence="Подлинность этого документа может проверить каждый.",
        check="Отсканируйте QR-код или введите номер на странице {address}.",
        changes="Состояние может измениться: проверьте, прежде чем полагаться на него.",
        qr_label="QR-код для проверки сертификата",
        signature_label="Электронная подпись выдавшей организации",
        attachment="Машиночитаемая форма сертификата (Open Badges 3.0)",
    ),
}


def day_text(day: date, language: str) -> str:
    """`24.11.2026`, in English `24 November 2026`, whose spaces do not break."""
    return str(format_date(day, RULES[language].day, locale=language)).replace(" ", "\u00a0")


def days_text(first: date, last: date, language: str) -> str:
    return f"{day_text(first, language)} – {day_text(last, language)}"
