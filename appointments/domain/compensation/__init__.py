"""What we give when a move was our doing: by which rule, within which limits, once, and used once.

`table` decides, `promised` puts what comes with each offered time into its row, `giving` issues it in the transaction
of the pick or of the answer to a complaint, `redeeming` takes the code. Nobody is told of anything from here: who
grants what waits stands in `recovery.granting`.
"""
