from courses.bodies import streams

T = {"az": "a", "en": "e", "ru": "r"}


def test_streams_give_one_stream_a_language_with_the_same_ids() -> None:
    made = streams([{"heading": T}], seed="x")
    assert [made[code][0]["value"] for code in ("az", "en", "ru")] == ["a", "e", "r"]
    assert len({made[code][0]["id"] for code in made}) == 1


def test_streams_twice_are_equal_and_of_another_seed_are_not() -> None:
    blocks = [{"heading": T}, {"key_points": [T, T]}]
    assert streams(blocks, seed="x") == streams(blocks, seed="x")
    assert streams(blocks, seed="x")["az"][0]["id"] != streams(blocks, seed="y")["az"][0]["id"]


def test_paragraph_is_parted_at_empty_lines_and_lists() -> None:
    text = {"az": "One\n\ntwo:<ul><li>x</li></ul>three", "en": "One", "ru": "<p>One</p>"}
    made = streams([{"paragraph": text}], seed="x")
    assert made["az"][0]["value"] == "<p>One</p><p>two:</p><ul><li>x</li></ul><p>three</p>"
    assert (made["en"][0]["value"], made["ru"][0]["value"]) == ("<p>One</p>", "<p>One</p>")


def test_check_has_a_right_option_and_says_of_the_others_that_they_are_not() -> None:
    options = [{"text": T, "right": True, "feedback": T}, {"text": T, "feedback": T}]
    value = streams([{"check": {"question": T, "options": options}}], seed="x")["ru"][0]["value"]
    assert value["question"] == "r"
    assert [option["value"]["right"] for option in value["options"]] == [True, False]


def test_codes_are_the_same_in_all_languages() -> None:
    made = streams([{"indicators": ["ILO-07"]}, {"law": {"statement": T, "source": "THB-1"}}], seed="x")
    assert made["az"][0]["value"][0]["value"] == "ILO-07"
    assert made["en"][1]["value"] == {"statement": "e", "source": "THB-1"}
