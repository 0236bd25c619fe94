"""The invented district, drawn step by step: roads, blocks, compounds, people, services."""
