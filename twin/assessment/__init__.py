"""What a standard says of a district, how sure it is, and what would change it."""
