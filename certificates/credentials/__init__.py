"""Proofs of a certificate: keys, the Open Badge, the signed statement, status lists, QR token, receipts.

Pure: no database, no request, no clock. Everything starts from the plain values of `facts`.
"""
