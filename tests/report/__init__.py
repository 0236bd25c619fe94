"""The coverage report: what it says, and that anybody may trust its pages."""
