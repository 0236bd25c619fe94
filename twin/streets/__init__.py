"""The streets as a network of arrays, and what it costs a walker to pass its edges."""
