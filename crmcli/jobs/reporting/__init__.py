"""Reports: what they are computed from, read from the database, and how they are asked for and written."""
