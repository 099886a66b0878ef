"""The page that goes on without this server: what it is made of, what it judges by, and the worker that keeps both."""
