"""How far a district and its data go: boundary, halo, clipping, land that nobody mapped."""
