"""The dashboard: a drawer below the view with comparisons, charts and lists."""
