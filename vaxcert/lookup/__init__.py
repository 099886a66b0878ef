"""The process that looks certificates up for the public's pages, over a Unix socket: one question, one certificate or
nothing. It holds the registry's key and no signing key; the pages hold neither.

protocol  what goes over the socket           client    for the public's pages
server    the socket, and who may ask         answering what is asked, answered after one time from the registry
settings  what it is told at its start
"""
