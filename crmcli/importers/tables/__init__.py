"""Grids of text -> tables: the header found, what is no record set aside, columns encoded."""
