"""A network made ready for many searches at once: exact, directed, not truncated.

1. ``dissection`` and ``elimination`` put the nodes into an order once for each network, whoever
   walks (``layout``).
2. ``hierarchy`` prices the arcs of that order for one walker under one state of gates and streets.
3. ``sweeps`` search: up the arcs, then down, all lanes together; ``within`` does so up to a limit.

The order comes from nested dissection instead of from the costs, so that a closed gate or another
walker needs step 2 only ("customisable contraction hierarchies", Dibbelt, Strasser and Wagner,
2016; searching all targets in one sweep is PHAST, Delling et al., 2011).
"""
