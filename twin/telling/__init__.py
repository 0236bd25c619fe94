"""Results in words, as tables, as JSON and as colours, the same wherever they are told."""
