"""One module per route; in each, one function per quantity that the route can compute."""
