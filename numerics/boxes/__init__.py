"""The quantities at a point over boxes of several variables: weights, and the radius or the amplitudes."""
