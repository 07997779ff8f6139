"""HTTP only: who may come in, addresses, the current request, errors, headers, forms."""
