"""Single sign-on: an agency's own identity provider opens the accounts of its own officers."""
