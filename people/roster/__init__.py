"""An agency's roster: read defensively, checked line by line against the register, applied at once.

`reading` turns a file into plain lines, `headings` tells what its columns hold, `values` reads a cell,
`checking` says what a line would change, `applying` changes it. A file never reaches beyond its agency.
"""
