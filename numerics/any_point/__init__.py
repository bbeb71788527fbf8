"""The quantities at any point, on the simplex or off it; `…_values` is what the routes answer with."""
