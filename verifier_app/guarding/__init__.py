"""What stands between the app and whoever asks it: headers, tokens and bounds, other origins, servers in front."""
