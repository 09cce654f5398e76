"""Files that people open in a spreadsheet."""


def no_formula(text: str) -> str:
    """A spreadsheet takes a leading = + - @ for a formula, also behind white space."""
    return f"'{text}" if text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r"} else text
