"""One word for one thing, as docs/glossary.md says: what was corrected once does not come back."""

import re

import pytest

from locales.messages import ROOT, opened

REFUSED = {
    "az": (
        r"^(Şərtlə )?[Bb]uraxıl(ır|mır)\b",  # is released: işə buraxılır
        r"\b[Qq]əbz",  # of payments: təsdiqnamə
        r"\b[Kk]urator",  # koordinator; a tutor is tyutor
        r"\bBu gün (çox|artıq)\b",  # today: tarix
        r"[Kk]eçid hədd",  # keçid balı
        r"[Ss]üzgəc",  # filtr
        r"\bixtisas(ın|ı|a|dan| üzrə)?\b",  # of a diploma: ixtisaslaşma
        r"[Aa]dministrator",  # inzibatçı
        r"[Yy]etkin şəxs",
        r"^növbədə(dir| deyil)$|[Nn]övbə vəziyyəti",  # on duty is only who is entered so, until an hour
        r"[Rr]ədd cavabına baxmayaraq",  # istisna icazə
        r"[Hh]üquqi əsas",  # qanuni əsas
        r"[Bb]aşqa qurumdan keçir",  # başqa qurumdan qəbul
        r"emitent",  # verən qurum
    ),
    "ru": (
        r"[Кк]витанц",  # подтверждение
        r"[Кк]уратор",  # координатор; a tutor is наставник
        r"от имени других",
        r"безымянн|чьё имя стёрто",  # лицо, имя которого удалено
        r"[Рр]абочий стол",
        r"порог",  # проходной балл
        r"вопреки отказу|пропустил",  # исключение
        r"\bиздани|\bиздател",  # редакция; организация, которая выдала
        r"полномочие\b",  # полномочия, of a person in the plural
        r"[Пп]редложение[^.]* снято|[Сс]нять запись",  # отозвано; a wrong entry: отменить
        r"экзамена или практики",  # тренировки
    ),
}
ENGLISH = re.compile(
    r"\b[Ww]hoever\b|[Ss]econd factor"  # people who; second step
    r"|\bopens nothing any more\b|\bearns you nothing\b|\bborne out\b|\bthe telling\b"
)


@pytest.mark.parametrize("language", REFUSED)
def test_corrected_words_do_not_come_back(language: str) -> None:
    texts = [text for entry in opened(language) for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert texts
    refused = re.compile("|".join(REFUSED[language]))
    assert [text for text in texts if refused.search(text)] == []


def test_english_is_read_once() -> None:
    texts = [text for entry in opened("az") for text in (entry.msgid, entry.msgid_plural)]
    guides = [path.read_text(encoding="utf-8") for path in (ROOT / "docs/guides/en").iterdir()]
    assert guides
    assert [text for text in [*texts, *guides] if ENGLISH.search(text)] == []
