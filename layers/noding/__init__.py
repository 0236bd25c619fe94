"""Centre lines without topology become a network: cut where they cross, joined where they end.

`drawn` has the lines as arrays, `meetings` finds where they meet, `cutting` makes the pieces, and
`streets` decides whether a layer needs it and keeps the account. `floors` is the law by which ends
at one place meet or pass each other, `passing` states the levels that it needs.
"""
