"""What every function of ours needs: settings from the environment, and logs that hold no user text."""
