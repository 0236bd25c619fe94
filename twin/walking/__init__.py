"""Walks: from doors to streets, through the network, to services; and how they are found fast."""
