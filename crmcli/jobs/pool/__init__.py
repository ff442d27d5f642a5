"""Public pools: what falls into them, by rule, and who takes it out again."""
