"""What was worked out once, kept on the disk between runs."""
