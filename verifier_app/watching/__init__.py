"""What whoever runs the app sees of it: log lines and numbers, and neither says anything of anybody."""
