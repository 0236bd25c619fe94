"""Words of planning offices: names of layers and columns, values, opening hours."""
