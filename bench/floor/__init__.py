"""What a page costs in Django at the least: session, user, one object, one template."""
