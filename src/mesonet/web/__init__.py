"""HTTP at the edge, for every function behind the API: requests in, representations and problems out.

`router` finds the route and finishes what it answers; a route reads its `parameters` and returns a `Response`.
"""
