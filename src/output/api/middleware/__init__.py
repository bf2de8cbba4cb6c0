"""What holds on every request: request ID, access log, credentials, CORS, HEAD."""
