"""What holds when much or slow is asked: reading and answering without a thread's waiting, and whose turn it is."""
