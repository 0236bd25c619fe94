"""Windows beside the main one, for what no panel or message can hold."""
