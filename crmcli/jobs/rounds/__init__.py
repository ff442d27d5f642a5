"""The rounds that a clock starts: daily and weekly, step by step, each step once."""
