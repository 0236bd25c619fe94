"""How fast we are and how long a person waits; no part of the product or of its tests."""
