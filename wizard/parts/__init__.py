"""What several screens draw alike."""
