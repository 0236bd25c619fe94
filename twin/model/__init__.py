"""The district and what can be done to it: tables, edits, a later year, an hour of the day."""
