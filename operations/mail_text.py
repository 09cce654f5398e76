"""The plain text of a letter, read from its HTML: a letter has one template, `<app>/mail/<name>.html`."""

import re
from html.parser import HTMLParser

BLOCKS = {"h1", "h2", "p", "ul"}
INSIDE = {"a", "b", "br", "li"}


def text_of(html: str) -> str:
    """Return the text of a letter's body: paragraphs with an empty line between them.

    A paragraph is one line, however long: the reader's program breaks it to its own width. A link is its
    words, a colon and the whole address on the next line, so that nothing breaks the address; a list
    item begins with `- `. Raise ValueError for an element that has no form in text.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return "\n\n".join(reader.blocks)


class _Reader(HTMLParser):
    """Collects `blocks`, the finished paragraphs; character references are resolved by the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._block = ""
        self._link: tuple[int, str] | None = None  # where its words begin in the block, and its address

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in BLOCKS | INSIDE:
            raise ValueError(f"A letter cannot say <{tag}> as text: {', '.join(sorted(BLOCKS | INSIDE))}.")
        if tag in BLOCKS:
            self.end_block()
        elif tag == "li":
            self._block += "\n- "
        elif tag == "br":
            self._block += "\n"
        elif tag == "a":
            self._link = len(self._block), dict(attributes).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_block()
        elif tag == "a" and self._link is not None:
            start, address = self._link
            words = self._block[start:].strip(" ")
            if words != address:
                self._block = f"{self._block[:start]}{words}:\n{address}"
            self._link = None

    def handle_data(self, data: str) -> None:
        self._block += re.sub(r"[ \t\r\n]+", " ", data)  # as HTML does; a no-break space stays

    def end_block(self) -> None:
        lines = [re.sub(" +", " ", line).strip(" ") for line in self._block.split("\n")]
        if text := "\n".join(lines).strip("\n"):
            self.blocks.append(text)
        self._block = ""
