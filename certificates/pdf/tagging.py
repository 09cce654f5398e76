"""Tags: what each piece of the page is, in reading order, for screen readers and text extraction.

The renderer writes one text object for each paragraph, in the order of the page's lines, and one picture.
The tags lean on that, so a page with more or fewer of them is refused.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, String

from .page import PageLine

_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"}

type Instruction = tuple[Collection[Any], Operator]


class TagError(Exception):
    """The page does not hold what its lines promise."""


@dataclass(frozen=True)
class Tagged:
    """The content with its marks, and the line that each mark stands for."""

    content: bytes
    marked: list[PageLine]


def tag_content(page: pikepdf.Page, lines: list[PageLine]) -> Tagged:
    """Wraps every paragraph and the picture in the mark of its line; all other painting is an artifact."""
    instructions: list[Instruction] = [
        (one.operands, one.operator) for one in pikepdf.parse_content_stream(page)
    ]
    written: list[Instruction] = []
    left = list(lines)
    place = 0
    while place < len(instructions):
        end = _piece_end(instructions, place)
        piece = instructions[place:end]
        begin = _begin(piece, left, number=len(lines) - len(left))
        if begin is not None:
            written += [begin, *piece, ([], Operator("EMC"))]
        elif str(piece[0][1]) != "BT":  # a text object without text only selects a font
            written += piece
        place = end
    if left:
        raise TagError(f"{len(left)} lines were not set")
    return Tagged(pikepdf.unparse_content_stream(written), list(lines))


def _piece_end(instructions: list[Instruction], start: int) -> int:
    """Return where the text object or path that begins at `start` is over; the next instruction otherwise."""
    operator = str(instructions[start][1])
    closing = {"ET"} if operator == "BT" else _PAINTS if operator in ("m", "re") else set()
    end = start
    while closing and str(instructions[end][1]) not in closing:
        end += 1
    return end + 1


def _begin(piece: list[Instruction], left: list[PageLine], *, number: int) -> Instruction | None:
    operator = str(piece[0][1])
    if operator in ("m", "re"):
        return [Name.Artifact], Operator("BMC")
    shows = operator == "Do" or any(str(one[1]) in _SHOWS_TEXT for one in piece)
    if not shows:
        return None
    if not left or (left[0].role == "Figure") != (operator == "Do"):
        raise TagError("more on the page than its lines, or in another order")
    role = left.pop(0).role
    return [Name(f"/{role}"), Dictionary(MCID=number)], Operator("BDC")


def add_structure(
    pdf: pikepdf.Pdf, page: pikepdf.Page, tagged: Tagged, *, field: pikepdf.Object, label: str
) -> None:
    """The tag tree over the marks, with the signature field as its last element."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    elements = []
    for number, line in enumerate(tagged.marked):
        element = Dictionary(Type=Name.StructElem, S=Name(f"/{line.role}"), P=document, Pg=page.obj, K=number)
        if line.language:
            element.Lang = String(line.language)
        if line.role == "Figure":
            element.Alt = String(line.text)
            element.A = Dictionary(O=Name.Layout, Placement=Name.Block)
        elements.append(pdf.make_indirect(element))
    reference = Dictionary(Type=Name.OBJR, Obj=field, Pg=page.obj)
    form = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Pg=page.obj, Alt=String(label), K=reference)
    )
    document.K = Array([*elements, form])
    root.K = Array([document])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array(elements), 1, form])))
    root.ParentTreeNextKey = 2
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    page.obj.StructParents = 0
    page.obj.Tabs = Name.S
