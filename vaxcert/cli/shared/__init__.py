"""What several commands share: options, exit statuses, keys, trust, and how a verdict is shown."""
