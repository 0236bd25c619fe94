"""From a heap of files to a project, step by step; and a preview of what would be made."""
