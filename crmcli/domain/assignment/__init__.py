"""Who gets which opportunity: rules in, one explained decision a deal out."""
