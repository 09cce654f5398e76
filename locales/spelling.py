"""One key for the spellings that a name has in Azerbaijani, Russian and English.

Əliyeva is written Алиева and Aliyeva, Həsənova Гасанова and Hasanova, Cəfərov Джафаров and Jafarov. The key keeps
what they share. What is searched for has one key; what is kept has one for each way its letters can be read, so
that a beginning of a word is always a beginning of one of its keys.

| letters | in the key | because |
|---|---|---|
| q g ğ h x k, г к х, gh kh | k | Həsən – Гасан, Quliyev – Кулиев, Xəlil – Khalil |
| c ç j, дж ж ч, dj zh dzh ch | c | Hacıyev – Гаджиев – Hajiyev |
| s ş, с ш щ ц, sh shch ts | s | Şahin – Шахин – Shahin, and ş typed as s |
| b p; d t | b; d | Ələkbər – Алекпер, Mehdi – Мехти |
| vowels that stand together, with y й between | a or i, after the first of them | Hüseyn – Гусейн – Huseyin |
| a e ə, а э е я | a | Məlikov – Меликов – Malikov |
| i ı o ö u ü, и ы о ё у ю | i | Qasım – Касум, Xanım – Ханум, oğlu – оглы |
| a letter twice | once | Məmmədov – Мамедов |
| ь ъ, apostrophes, hyphens | nothing | Gülnarə – Гюльнара, Tağızadə – Таги-заде |
"""

import re
from collections.abc import Iterable, Iterator

from .text import fold

_TOGETHER = re.compile("shch|sh|ts|dzh|zh|dj|ch|j")
_SOUNDS = str.maketrans("qghxtp", "kkkkdb")
_VOWELS = re.compile("[aeiouy]+")
_TWICE = re.compile(r"([a-z])\1+")
_APART = re.compile("([scz])h")  # Azerbaijani writes ş, ç, j with one letter: there these are two

# Other ways to read what is kept: Orucov – Оруджев, Məhəmməd – Магомед – Мухаммед, Tahir – Таир, Novruz – Навруз,
# Allahverdi – Аллаверди, Abdulla – Abdullah.
_OTHERWISE = (
    (re.compile("iv(a?)$"), r"av\1"),
    (re.compile("av(a?)$"), r"iv\1"),
    (re.compile("makamad"), "makimad"),
    (re.compile("makamad"), "mikamad"),
    (re.compile("^dakir"), "dar"),
    (re.compile("^nivriz"), "navriz"),
    (re.compile("^alakv"), "alav"),
    (re.compile("ila$"), "ilak"),
)


def sound(word: str) -> str:
    """The key of one word that is searched for; empty where nothing in it sounds."""
    return _key(fold(word))


def _key(folded: str) -> str:
    joined = _TOGETHER.sub(lambda found: "s" if "s" in found[0] else "c", folded)
    plain = "".join(filter(str.isalnum, joined)).translate(_SOUNDS)
    return _TWICE.sub(r"\1", _VOWELS.sub(_vowel, plain))


def _vowel(found: re.Match[str]) -> str:
    return "a" if found[0].lstrip("y")[:1] in ("a", "e") else "i"


def sounds(texts: Iterable[str], longest: int) -> str:
    """All keys of all words, each after a space, beginning with the first word's own; cut between two keys."""
    keys = dict.fromkeys(key for text in texts for word in text.split() for key in readings(word))
    found = "".join(f" {key}" for key in keys)
    return found if len(found) <= longest else found[: longest + 1].rpartition(" ")[0]


def readings(word: str) -> Iterator[str]:
    """The keys of a word that is kept; may repeat themselves. Both halves of a name with a hyphen have theirs."""
    folded = fold(word)
    written = [folded, *(folded.split("-") if "-" in folded else ())]
    written += [
        _APART.sub(r"\1-h", folded),
        fold(word.replace("ö", "e").replace("Ö", "e")),  # Gözəl – Гезал
        folded.replace("bey", "bek"),  # Hacıbəyov – Гаджибеков
        folded.replace("teymur", "timur"),
    ]
    for text in written:
        if key := _key(text):
            yield key
            for pattern, other in _OTHERWISE:
                if pattern.search(key):
                    yield pattern.sub(other, key)
