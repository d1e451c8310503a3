"""Queues: what stands in line until somebody has dealt with it. All have one shape: `kinds` says what stands in each,
`reading` reads one page of it as somebody asks for it, `counts` counts it for the head of every page. Reads only, in a
constant number of queries.
"""
