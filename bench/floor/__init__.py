"""Floor of a page in Django: session, user, one object, one template."""
