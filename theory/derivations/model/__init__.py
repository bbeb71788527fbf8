"""The model: simplex, transform, operator, gradient, identity, Jacobian, Hessian."""
