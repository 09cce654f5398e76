"""The audit trail as people read it: auditors all of it, everybody the part about themselves."""
