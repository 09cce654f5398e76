"""Points of the work at which a process dies where its installation says so: kill -9 in each step, not just anywhere."""
