"""Pages of clearance: home, desk and decisions, result of an exam, public receipt."""
