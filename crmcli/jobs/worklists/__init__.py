"""Worklists and workbooks of closed deals: written out, filled in, taken back."""
