"""An answer that is there already, as a page sends it that saw no answer of the server; its floor is one bare insert."""

from .answer import sending
from .harness import Pair
from .world import World


def pair(world: World) -> Pair:
    browser, address, body = sending(world)
    same = body()
    return Pair(ours=browser.post(address, same), floor=browser.post("/floor/said/", same), aim=1.5)
