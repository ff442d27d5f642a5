"""Bytes of unknown files -> grids of text, in a limited child process (`isolated.read_file`)."""
