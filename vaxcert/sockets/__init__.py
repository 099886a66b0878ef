"""Processes of one machine that ask one another over a Unix socket, and may hold nothing of what the other holds.

messages  what goes over a socket, and errors that travel     asking    one question and its answer
server    the socket, and who may connect                     settings  users and groups by name, a TOML file
"""
