"""May this email leave now? Limits, quiet hours, complaints."""
