"""A stream whose blocks are one line each until they are opened.

A closed block has no fields in the page: it sends its state as one value, as does one that was opened and not
changed. A changed one sends its fields as ever, so errors, copying and reordering stay Wagtail's.
"""

import json
from typing import Any

from django.core.exceptions import SuspiciousOperation
from wagtail import blocks
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import StreamValue


class FoldedStream(blocks.StreamBlock):
    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> StreamValue:
        """Return the stream as the page sent it; SuspiciousOperation where fields of its own are missing."""
        try:
            return self._sent(data, files, prefix)
        except (KeyError, ValueError) as error:
            raise SuspiciousOperation("a stream was sent without the fields of its blocks") from error

    def _sent(self, data: Any, files: Any, prefix: str) -> StreamValue:
        found = []
        if (count := int(data[f"{prefix}-count"])) < 0:
            raise ValueError("less than no blocks")
        for number in range(count):
            child = f"{prefix}-{number}"
            block = self.child_blocks[data[f"{child}-type"]]
            if data[f"{child}-deleted"]:
                continue
            kept = data.get(f"{child}-value-kept")
            if kept is None:
                value = block.value_from_datadict(data, files, f"{child}-value")
            else:
                value = value_of_closed(block, kept)
            found.append((int(data[f"{child}-order"]), block.name, value, data.get(f"{child}-id")))
        found.sort(key=lambda row: row[0])
        return StreamValue(self, [(name, value, block_id) for _order, name, value, block_id in found])

    class Meta:
        collapsed = True


def value_of_closed(block: blocks.Block, kept: str) -> Any:
    """Return the value of a block that stayed closed; SuspiciousOperation where it sent something else."""
    try:
        return _value(block, json.loads(kept))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SuspiciousOperation("a closed block sent no state of its own") from error


def _value(block: blocks.Block, state: Any) -> Any:
    """The way back from `Block.get_form_state`, for the kinds of blocks that lessons are made of."""
    if isinstance(block, blocks.StructBlock):
        children = block.child_blocks.items()
        return block.normalize({name: _value(child, state[name]) for name, child in children})
    if isinstance(block, blocks.ListBlock):
        child = block.child_block
        items = [ListValue.ListChild(child, _value(child, item["value"]), id=item["id"]) for item in state]
        return ListValue(block, bound_blocks=items)
    if isinstance(block, blocks.ChoiceBlock):
        return state[0] if state else ""
    return block.to_python(state)
