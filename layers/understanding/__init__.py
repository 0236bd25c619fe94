"""What layers and columns are, guessed with a confidence or decided by a person."""
