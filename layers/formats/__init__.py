"""A reader for every format of file and for databases, and how formats are recognised."""
