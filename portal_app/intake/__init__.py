"""Units' tables in: sent up, looked at before anything is taken, taken over by a process of their own, taken back.

browser → a folder of its own (`waiting`) → `worker`: checked → page: is it understood? → `worker`: taken over → run
"""
