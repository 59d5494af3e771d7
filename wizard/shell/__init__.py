"""What stands around every screen: its frame, the way between screens, start-up and errors."""
