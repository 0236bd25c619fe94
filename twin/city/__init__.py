"""A whole city, scored in parts on many processes or machines, with the numbers of the whole."""
