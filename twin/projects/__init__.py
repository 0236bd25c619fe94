"""Projects: a district with its scenarios and its data, opened, edited, updated, saved."""
