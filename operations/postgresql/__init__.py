"""Django's backend for PostgreSQL, which sees without asking that a connection is over."""
