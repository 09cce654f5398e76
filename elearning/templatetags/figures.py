"""Drawings of the interface: icons on a 24 × 24 ground, figures of a state on a 100 × 100 ground.

Every state has its own silhouette, so that it is told apart without colour. The solid
eight-pointed star belongs to *valid* and *cleared* alone.
"""

ICONS = {
    "tick": "M5 12.5l4.5 4.5L19 7.5",
    "cross": "M7 7l10 10M17 7L7 17",
    "down": "M6 9l6 6 6-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "right": "M9 6l6 6-6 6",
    "left": "M15 6l-6 6 6 6",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "swap": "M4 8h14l-4-4M20 16H6l4 4",
    "repeat": "M4 12a8 8 0 0113.5-5.8L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 01-13.5 5.8L4 15.5M4 20v-4.5h4.5",
    "out": "M14 4h6v16h-6M4 12h11M11 8l4 4-4 4",
    "save": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "clock": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
    "info": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8h.01",
    "warn": "M12 4l9 16H3zM12 10v4M12 17h.01",
    "off": "M4 4l16 16M8 13.5a6 6 0 012.5-1.4M5 10a10 10 0 013-2M15.5 13.8l.5-.3M19 10a10 10 0 00-6-2.5M12 18h.01",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2",
    "pdf": "M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6",
    "name": ("M3 5h18v14H3zM8.5 11.5a2 2 0 100-4 2 2 0 000 4zM5.5 16a3 3 0 016 0M14 9h4M14 13h4"),
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
    "key": "M8 12a4 4 0 100 8 4 4 0 000-8zM11 13L20 4M16 8l3 3",
    "mail": "M3 5h18v14H3zM3 7l9 7 9-7",
    "phone": ("M6 3l3 1 1 4-2 1.5a11 11 0 006 6L15.5 13.5l4 1 1 3-2 3C10 21 3 13 3.5 5.5z"),
    "book": "M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14",
    "law": "M12 4v16M8 20h8M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
    "heart": "M12 20s-8-5-8-11a4.5 4.5 0 018-2.5A4.5 4.5 0 0120 9c0 6-8 11-8 11z",
    "match": "M10 14a4 4 0 005.7 0l3-3a4 4 0 00-5.7-5.7L12 6M14 10a4 4 0 00-5.7 0l-3 3a4 4 0 005.7 5.7L12 18",
    "order": "M9 6h11M9 12h11M9 18h11M4 5l1-1v4M4 11h2l-2 3h2M4 17h2v3H4",
    "speak": "M4 5h16v11H10l-5 4v-4H4z",
    "eye": (
        "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12z"
        "M12 9a3 3 0 100 6 3 3 0 000-6z"
    ),
}

_STAR = '<path fill="currentColor" d="M17 17h66v66H17zM50 3.3L96.7 50 50 96.7 3.3 50z"/>'
_DIAMOND = '<path fill="currentColor" d="M50 2l48 48-48 48L2 50z"/>'
_OCTAGON = '<path fill="currentColor" d="M31 4h38l27 27v38L69 96H31L4 69V31z"/>'
_ROUND = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'


def _ink(width: int) -> str:
    return f'stroke="currentColor" stroke-width="{width}" {_ROUND}'


def _ground(width: int) -> str:
    """A line in the colour of the ground: app.css colours .gs by the state's --v."""
    return f'class="gs" stroke-width="{width}" {_ROUND}'


_VALID = (
    f'{_STAR}<circle cx="50" cy="50" r="33" class="gs" fill="none" stroke-width="2.5"/>'
    f'<path d="M35 51l11 11 20-23" {_ground(8)}/>'
)
_NOT = f'{_OCTAGON}<path d="M29 50h42" {_ground(12)}/>'

SEALS = {
    "valid": _VALID,
    "cleared": _VALID,
    "expired": (f'<circle cx="50" cy="50" r="42" {_ink(8)}/><path d="M50 26v25l17 12" {_ink(8)}/>'),
    "ended": f'<circle cx="50" cy="50" r="42" {_ink(8)}/><path d="M30 50h40" {_ink(10)}/>',
    "suspended": f'{_DIAMOND}<path d="M41 34v32M59 34v32" {_ground(10)}/>',
    "conditions": f'{_DIAMOND}<path d="M50 29v26M50 70h.01" {_ground(10)}/>',
    "revoked": f'{_OCTAGON}<path d="M34 34l32 32M66 34L34 66" {_ground(10)}/>',
    "not": _NOT,
    "superseded": (
        f'<path d="M8 22h54v70H8z" {_ink(6)}/><path fill="currentColor" d="M32 6h60v72H32z"/>'
        f'<path d="M46 42h30M64 29l13 13-13 13" {_ground(8)}/>'
    ),
    "notyet": (
        '<path d="M20 6h60M20 94h60M26 6c0 26 20 32 24 44C54 38 74 32 74 6M26 94c0-26 20-32 24-44 '
        f'4 12 24 18 24 44" {_ink(8)}/>'
    ),
    "unknown": (
        f'<path d="M50 8l46 82H4z" {_ink(8)}/>'
        f'<path d="M41 45c0-12 18-12 18 0 0 8-9 8-9 16M50 75h.01" {_ink(8)}/>'
    ),
}
