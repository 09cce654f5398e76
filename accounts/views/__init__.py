"""Pages: each module one subject."""
