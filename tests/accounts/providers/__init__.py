"""Identity providers of agencies, as processes of their own."""
