"""Plans as real OpenTofu made them, and what made them: `make plans` records them anew."""
