"""The process that signs for others: it takes numbers of doses over a Unix socket, never claims, and reads them itself.

protocol  what goes over the socket           client    for whoever asks
server    the socket, and who may connect     answering what is asked, answered from the registry
limits    how many in which time              bulk      many at once wait for a second person
alarms    what people should look at          settings  what it is told at its start
"""
