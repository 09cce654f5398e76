"""Words that were corrected once and may not come back: the glossary has a better one, or the law has."""

import re
from collections.abc import Iterator

from assessments.content_parts import TranslatedText
from locales.languages import LANGUAGES

from . import schema
from .files import FileProblem
from .reading import Curriculum

INSTEAD = {
    "az": {
        r"düşünmə müddəti": "bərpa və fikirləşmə müddəti",
        r"qanunsuz keçirilmə": "qanunsuz miqrasiyanın təşkili",
        r"(qanunsuz|qeyri-qanuni) miqrant": "the offence is of the act, no person is unlawful",
        r"\byetkin şəxs": "yetkinlik yaşına çatmış şəxs",
        r"\başağıla": "alçaltmaq",
        r"\bşəxs(i|in|lər\w*)? təhvil": "a person is yönəldilir; papers are təhvil verilir",
        r"saxlanılma(sı)? mərkəz": "müvəqqəti yerləşdirmə mərkəzi",
        r"\böz ayağı ilə": "öz istəyi ilə",
        r"\bcinayətə cəhd": "cinayətə sui-qəsd",
        r"\bsərhəd ünsür": "sərhədin keçilməsi insan alverinin ünsürü",
    },
    "ru": {
        r"нелегальн\w* (им)?мигрант": "the offence is of the act, no person is unlawful",
        r"незаконн\w* (ввоз\w*|провоз\w*) мигрант": "организация незаконной миграции",
        r"\bпереда(ть|ют|ёт|ли|вать|йте) (человека|жертву|пострадавш\w+)": "человека направляют, передают документы",
        r"центр\w* временного содержания": "центр временного размещения",
        r"\bграница (— )?не элемент": "пересечение границы не является элементом состава",
        r"\bвзяти\w+ (объяснени|показани)": "получение объяснений, показаний",
    },
    "en": {
        r"illegal (im)?migrant": "the offence is of the act, no person is unlawful",
        r"\bhand(s|ed|ing)? over (the |a )?(person|victim)\b": "a person is referred, papers are handed over",
        r"\bon (his|her|their) own feet": "of one\u2019s own accord",
    },
}
PATTERNS = {
    language: [(re.compile(pattern, re.IGNORECASE), better) for pattern, better in words.items()]
    for language, words in INSTEAD.items()
}


def word_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    for entry, place in curriculum.entries:
        if isinstance(entry, schema.TextEntry | schema.TermEntry | TranslatedText):
            for language in LANGUAGES:
                for pattern, better in PATTERNS[language]:
                    if found := pattern.search(getattr(entry, language)):
                        yield place.problem(f"“{found[0]}”: {better}", language)
