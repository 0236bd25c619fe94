"""Files before anything is understood: archives, encodings, layers as they stand; safe writing."""
