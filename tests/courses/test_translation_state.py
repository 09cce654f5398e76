"""The original of each translation follows from what was typed, in whatever order."""

import copy
import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from courses.bodies import stream
from courses.translation_state import (
    carry,
    complete,
    counted,
    fingerprint,
    found_right,
    in_language,
    state_of,
    texts_in,
)

from .factories import shipped_pages

OTHERS = ("en", "ru")
WORDS = st.sampled_from(("yes", "no", "perhaps"))  # few: the same word often translates another
SHIPPED = [page for page in shipped_pages() if "lesson" in page]


class Editing(RuleBasedStateMachine):
    """A trainer types, saves, moves, copies, undoes, restores; the model remembers what each was made from."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.saved: list[dict[str, Any]] = []  # as in the database
        self.form: list[dict[str, Any]] = []  # as in the open page: autosave never reloads it
        self.model: dict[str, dict[str, str | None]] = {}  # id -> language -> Azerbaijani it was made from
        self.restorable: list[Any] = []
        self.judged: set[tuple[str, str]] = set()  # pairs that stood side by side and were found right
        self.touched: set[tuple[str, str]] = set()

    def new_id(self) -> str:
        self.count += 1
        return f"b{self.count}"

    @rule()
    def add(self) -> None:
        key = self.new_id()
        value = {"az": f"text of {key}", "en": "", "ru": "", "of": {}}
        self.form.append({"type": "heading", "id": key, "value": value})
        self.model[key] = {"en": None, "ru": None}

    @rule(data=st.data(), language=st.sampled_from(("az", *OTHERS)), empty=st.booleans())
    def type(self, data: st.DataObject, language: str, empty: bool) -> None:
        if self.form:
            block = data.draw(st.sampled_from(self.form))
            before = block["value"][language]
            block["value"][language] = "" if empty and language != "az" else data.draw(WORDS)
            if language != "az" and block["value"][language] != before:
                self.touched.add((block["id"], language))
            self.save()

    @rule(data=st.data(), language=st.sampled_from(OTHERS))
    def still_right(self, data: st.DataObject, language: str) -> None:
        if self.form:
            block = data.draw(st.sampled_from(self.form))
            value = block["value"]
            if value[language]:
                found_right(value, language)
                self.model[block["id"]][language] = value["az"]
                self.judged.add((value["az"], value[language]))
                self.save()

    @rule(data=st.data())
    def move_and_copy(self, data: st.DataObject) -> None:
        if self.form:
            self.form[:] = data.draw(st.permutations(self.form))
            found = copy.deepcopy(data.draw(st.sampled_from(self.form)))
            self.model[key := self.new_id()] = dict(self.model[found["id"]])
            self.form.append({**found, "id": key})
            self.save()

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """A block goes; those that stay keep what they were made from."""
        if self.form:
            gone = data.draw(st.sampled_from(self.form))
            self.form.remove(gone)
            self.save()

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """Wagtail's "review this version": an old draft is loaded into the form and saved."""
        if self.restorable:
            saved, model = data.draw(st.sampled_from(self.restorable))
            self.form, self.model = copy.deepcopy(saved), copy.deepcopy(model)
            self.save()

    def save(self) -> None:
        for block in self.form:
            for language in OTHERS:
                if (block["id"], language) in self.touched:
                    said = block["value"][language]
                    self.model[block["id"]][language] = block["value"]["az"] if said else None
                    self.judged.add((block["value"]["az"], said))
        self.touched.clear()
        self.saved = carry(copy.deepcopy(self.form), self.saved)
        self.restorable.append((copy.deepcopy(self.saved), copy.deepcopy(self.model)))

    @invariant()
    def states_are_what_happened(self) -> None:
        """Current where it was last judged beside this text; never where the pair was never judged."""
        for block in self.saved:
            for language in OTHERS:
                source, value = self.model[block["id"]][language], block["value"]
                if source is None:
                    assert state_of(value, language) == "missing"
                elif source == value["az"]:
                    assert state_of(value, language) == "current"
                elif (value["az"], value[language]) not in self.judged:
                    assert state_of(value, language) == "stale"

    @invariant()
    def nothing_missing_goes_uncounted(self) -> None:
        for language in OTHERS:
            empty = sum(not block["value"][language] for block in self.saved)
            assert counted(self.saved, language)["missing"] == empty
            assert complete(self.saved, language) == (not empty)


TestEditing = Editing.TestCase
TestEditing.settings = settings(
    max_examples=int(os.environ.get("NISANE_ORDERS", "20")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_a_changed_text_makes_exactly_its_own_translations_stale() -> None:
    for page in SHIPPED:
        before = stream(page["body"], seed=page["lesson"])
        for path, _texts in texts_in(before):
            after = copy.deepcopy(before)
            dict(texts_in(after))[path]["az"] += " x"
            carry(after, before)
            stale = {
                (place, language)
                for place, texts in texts_in(after)
                for language in OTHERS
                if state_of(texts, language) != "current"
            }
            assert stale == {(path, "en"), (path, "ru")}


def test_blanks_and_broken_lines_ask_for_no_new_translation() -> None:
    assert fingerprint("a  b\n c") == fingerprint("a b c") != fingerprint("ab c")


def test_word_that_translates_another_text_too_is_current_where_it_is_typed() -> None:
    first = {"type": "heading", "id": "1", "value": {"az": "Bəli", "en": "Yes", "ru": "", "of": {}}}
    before = carry([copy.deepcopy(first)], [])
    second = {"type": "heading", "id": "2", "value": {"az": "Düzdür", "en": "Yes", "ru": "", "of": {}}}
    after = carry([first, second], before)
    assert [state_of(block["value"], "en") for block in after] == ["current", "current"]


def test_translation_known_to_be_older_stays_so_in_a_copy() -> None:
    older = {"az": "now", "en": "e", "ru": "", "of": {"en": [fingerprint("before"), fingerprint("e")]}}
    before = [{"type": "heading", "id": "1", "value": older}]
    after = carry([{"type": "heading", "id": "2", "value": copy.deepcopy(older)}], before)
    assert state_of(after[0]["value"], "en") == "stale"


def test_one_language_of_raw_data_is_its_words_and_azerbaijani_where_one_is_missing() -> None:
    line = {"who": {"az": "a", "en": "", "ru": "r"}, "line": {"az": "x", "en": "y", "ru": "z"}}
    raw = stream([{"talk": [line]}], seed="x")
    assert in_language(raw, "en") == [[{"who": "a", "line": "y"}]]
