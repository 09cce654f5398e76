"""A person's own rights: everything kept about them as a file, and erasure.

`export` and `erasure` are what the signals of people carry; each app's receiver says to them what is
exported, what goes and what stays.
"""
