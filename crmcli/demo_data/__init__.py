"""A made-up company with its messy files, and what is true of them."""
