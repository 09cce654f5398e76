"""A frozen decision and the claims of its receipt: earlier receipts are read for as long as they are kept.

`decision-<format>.json` holds a decision as the database keeps it, `receipt-<format>.json` what was signed of it. A
claim more, less or otherwise raises `clearance.receipts.FORMAT`, and gets a builder and files of its own beside these:

    python -m tests.clearance.golden > tests/clearance/golden/receipt-3.json

`override-<format>.json` and `receipt-override-<format>.json` are the same of an override, made with the word *override* after
the command; `paper-*.txt` the words of the page of paper; `evidence-<format>.json` a file of evidence with both, by the word *evidence*.
"""
