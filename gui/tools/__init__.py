"""What the pointer does in the viewport: select and move, place."""
