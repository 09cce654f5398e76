"""The keys as they were made when this was written, apart from the code that makes them now: what that comes to
need, a later migration fills in.
"""

import re
import unicodedata

from django.db import migrations, transaction

BATCH = 1000
NAMES = ("family_name", "given_name", "father_name")
NAME_PARTS = (
    *NAMES, "family_name_latin", "given_name_latin", "family_name_cyrillic", "given_name_cyrillic",
    "father_name_cyrillic",
)  # fmt: skip

# --- fold -----------------------------------------------------------------------------------------------
CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ["a", "b", "v", "q", "d", "e", "e", "j", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "x", "s", "c", "s", "s", "", "i", "", "e", "yu", "ya"],
        strict=True,
    )
)  # fmt: skip
CYRILLIC |= {"ә": "e", "ғ": "q", "ҝ": "q", "ө": "o", "ү": "u", "һ": "h", "ҹ": "c", "ј": "y"}
LATIN = {"ə": "e", "ı": "i", "ş": "s", "ç": "c", "ğ": "q", "ö": "o", "ü": "u", "g": "q", "w": "v"}
IGNORED = {"'", "’", "ʼ", "‘", "`", "\u0307"}


def fold(text):
    lowered = unicodedata.normalize("NFC", text.replace("İ", "i").replace("I", "ı")).lower()
    decomposed = unicodedata.normalize("NFD", _plain(lowered))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_plain(bare).split())


def _plain(text):
    return "".join(LATIN.get(c, CYRILLIC.get(c, c)) for c in text if c not in IGNORED)


# --- sound ----------------------------------------------------------------------------------------------
_TOGETHER = re.compile("shch|sh|ts|dzh|zh|dj|ch|j")
_SOUNDS = str.maketrans("qghxtp", "kkkkdb")
_VOWELS = re.compile("[aeiouy]+")
_TWICE = re.compile(r"([a-z])\1+")
_APART = re.compile("([scz])h")
_OTHERWISE = (
    (re.compile("iv(a?)$"), r"av\1"),
    (re.compile("av(a?)$"), r"iv\1"),
    (re.compile("makamad"), "makimad"),
    (re.compile("makamad"), "mikamad"),
)


def _key(folded):
    joined = _TOGETHER.sub(lambda found: "s" if "s" in found[0] else "c", folded)
    plain = "".join(filter(str.isalnum, joined)).translate(_SOUNDS)
    return _TWICE.sub(r"\1", _VOWELS.sub(_vowel, plain))


def _vowel(found):
    return "a" if found[0].lstrip("y")[:1] in ("a", "e") else "i"


def sounds(texts, longest):
    keys = dict.fromkeys(key for text in texts for word in text.split() for key in _readings(word))
    found = "".join(f" {key}" for key in keys)
    return found if len(found) <= longest else found[: longest + 1].rpartition(" ")[0]


def _readings(word):
    folded = fold(word)
    written = [folded, *(folded.split("-") if "-" in folded else ())]
    written += [
        _APART.sub(r"\1-h", folded),
        fold(word.replace("ö", "e").replace("Ö", "e")),
        folded.replace("bey", "bek"),
    ]
    for text in written:
        if key := _key(text):
            yield key
            for pattern, other in _OTHERWISE:
                if pattern.search(key):
                    yield pattern.sub(other, key)


# --- sort -----------------------------------------------------------------------------------------------
ALPHABET = "0123456789" + "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"
_PLACES = {letter: f"{place:02}" for place, letter in enumerate(ALPHABET, 1)}
_INSTEAD = (
    CYRILLIC
    | {"ъ": "", "ь": ""}
    | {"ә": "ə", "ғ": "ğ", "ҝ": "g", "ө": "ö", "ү": "ü", "ҹ": "c", "ш": "ş", "ч": "ç", "ы": "ı"}
)


def sort_key(text):
    lowered = text.replace("İ", "i").replace("I", "ı")
    letters = "".join(c for c in unicodedata.normalize("NFC", lowered).lower() if c not in IGNORED)
    words = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in letters).split()
    return "00".join("".join(_place(c) for c in word) for word in words)


def _place(letter):
    if letter in _INSTEAD:
        return "".join(_PLACES.get(c, "") for c in _INSTEAD[letter])
    if letter in _PLACES:
        return _PLACES[letter]
    bare = unicodedata.normalize("NFD", letter)[0]
    return _PLACES.get(bare, "") if bare == letter else _place(bare)


# --------------------------------------------------------------------------------------------------------
def keys_of(person):
    """(folded_name, sound_name, sort_name)"""
    joined = " ".join(getattr(person, part) for part in NAMES)
    every = [getattr(person, part) for part in NAME_PARTS]
    return fold(joined)[:200], sounds(every, 1000), sort_key(joined)[:240]


def fill(apps, schema_editor):
    """The new keys of people entered before, a thousand at a time: nobody waits for all of them."""
    User = apps.get_model("people", "User")
    statement = "UPDATE people_user SET folded_name = %s, sound_name = %s, sort_name = %s WHERE id = %s"
    last = 0
    while found := list(User.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        rows = [[*keys_of(person), person.pk] for person in found]
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.executemany(statement, rows)
        last = found[-1].pk


class Migration(migrations.Migration):
    atomic = False  # what was filled stays filled, whatever stops it

    dependencies = [("people", "0008_names_as_they_sound")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
